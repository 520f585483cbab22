using k8s.Models;
using Sam.Bench.Targets;

namespace Sam.Bench.Leases;

/// <summary>Runs the trial and judges it: exit 0 when no epoch was breached, every take-over was in time and every stopped process ended.</summary>
internal static class LeaseCommand
{
    private static readonly TimeSpan s_limit = LeaseTerms.Duration + TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(
        int runs,
        int seed,
        bool isUntimed,
        string? kubeconfig,
        string? output,
        CancellationToken cancellationToken
    )
    {
        await using var target = await BenchTarget.StartAsync(kubeconfig, cancellationToken);
        var home = $"lease-{Guid.NewGuid().ToString("N")[..8]}";
        var namespaces = target.Client<V1Namespace>();
        await namespaces.CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = home } }, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("sam-lease-").FullName;
        try
        {
            await using var history = new WriteHistory(target, home);
            await using var first = await ContenderAsync("a", target, home, folder);
            await using var second = await ContenderAsync("b", target, home, folder);
            var trial = new LeaseTrial(target, home, runs, seed);
            var found = await trial.RunAsync(history, [first, second], cancellationToken);
            var page = new LeasePage(found, history, trial.Unasked, seed, isUntimed ? TimeSpan.MaxValue : s_limit);
            await Console.Out.WriteLineAsync(page.Render());
            if (output is not null)
                await File.WriteAllTextAsync(output, page.Render(), CancellationToken.None);
            return page.IsGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await namespaces.DeleteAsync("", home, null, CancellationToken.None);
        }
    }

    /// <summary>A contender whose kubeconfig leads through its gate.</summary>
    private static async Task<Contender> ContenderAsync(string place, BenchTarget target, string home, string folder)
    {
        var text = await File.ReadAllTextAsync(target.KubeconfigFile);
        var server = new Uri(k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(target.KubeconfigFile).Host);
        var gate = new TcpGate(server);
        var path = Path.Combine(folder, place);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(path, options))
            await writer.WriteAsync(
                text.Replace($"{server.Host}:{server.Port}", $"127.0.0.1:{gate.Port}", StringComparison.Ordinal)
            );
        return new Contender(place, home, path, gate);
    }
}
