using System.Diagnostics;
using Sam.Simulators.Booting;

namespace Sam.Playground;

/// <summary>The real engines, brought up and down by <c>scripts/engines.sh</c>.</summary>
internal sealed class Engines : IAsyncDisposable
{
    private const int NoEngine = 3;

    private Engines(EngineLab lab, bool own) => (Lab, Own) = (lab, own);

    /// <summary>Where the engines are.</summary>
    public EngineLab Lab { get; }

    private bool Own { get; }

    /// <summary>Brings them up; null and a sentence where no engine can be had.</summary>
    public static async Task<Engines?> UpAsync(CancellationToken cancellationToken)
    {
        // Engines that somebody else brought up stay up.
        var own = await ScriptAsync("status", quiet: true, cancellationToken) != 0;
        var code = await ScriptAsync("up", quiet: false, cancellationToken);
        return code switch
        {
            0 => new Engines(EngineLab.Load(Repository.Engines), own),
            NoEngine => null,
            _ => throw new InvalidOperationException(
                $"scripts/engines.sh up ended with {code}; logs are in {Repository.Engines}/logs"
            ),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (Own)
            await ScriptAsync("down", quiet: true, CancellationToken.None);
    }

    private static async Task<int> ScriptAsync(string verb, bool quiet, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash")
        {
            UseShellExecute = false,
            RedirectStandardOutput = quiet,
            RedirectStandardError = quiet,
        };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "scripts/engines.sh"));
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(Repository.Engines);
        using var script = Process.Start(start)!;
        if (quiet)
            await Task.WhenAll(
                script.StandardOutput.ReadToEndAsync(cancellationToken),
                script.StandardError.ReadToEndAsync(cancellationToken)
            );
        await script.WaitForExitAsync(cancellationToken);
        return script.ExitCode;
    }
}
