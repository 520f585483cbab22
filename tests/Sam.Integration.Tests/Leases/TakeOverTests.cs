using System.Diagnostics;
using Sam.Integration.Tests.Kit;
using Sam.Testing.Clusters;

namespace Sam.Integration.Tests.Leases;

/// <summary>Two real processes and one lease; <c>make lease-demo</c> is the long version.</summary>
public sealed class TakeOverTests(SharedCluster shared)
{
    [Fact]
    public async Task Never_do_two_processes_write_under_one_lease_when_the_leader_is_killed_stopped_and_cut_off()
    {
        var folder = Directory.CreateTempSubdirectory("sam-takeover-").FullName;
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, shared.Cluster.Kubeconfig, TestContext.Current.CancellationToken);

        // Seed 3 begins with a stop, a cut and a termination. Times are judged by make lease-demo, never here.
        var (exitCode, text) = await RunAsync("lease", "--runs", "3", "--seed", "3", "--untimed", "--kubeconfig", kubeconfig);
        Directory.Delete(folder, recursive: true);

        Assert.True(exitCode == 0, text);
        Assert.Contains("Two writers after the fence: 0", text, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(
            Checkout.Root,
            "tests/Sam.Bench/bin",
            output.Parent!.Name,
            output.Name,
            "Sam.Bench.dll"
        );
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, text);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
