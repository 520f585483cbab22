using System.Diagnostics;
using Sam.Testing.Clusters.ControlPlane;

namespace Sam.Bench.Targets;

/// <summary>A .NET program of this build as a child process.</summary>
internal sealed class Child : IAsyncDisposable
{
    // Whatever way this program ends, its children end too.
    private static readonly PlaneWatchdog s_watchdog = new(Directory.CreateTempSubdirectory("sam-bench-children-").FullName);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts an assembly; standard error goes through.</summary>
    public static Child Start(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        s_watchdog.Guard(process.Id);
        return new Child(process);
    }

    /// <summary>The next line of its standard output; null at its end.</summary>
    public Task<string?> ReadAsync(CancellationToken cancellationToken) =>
        _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends its standard input and waits for its own end.</summary>
    public async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        return await ExitAsync(cancellationToken);
    }

    /// <summary>Waits for its own end.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by name.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Processor seconds and resident MiB up to now.</summary>
    public (double CpuSeconds, double ResidentMiB) Usage()
    {
        _process.Refresh();
        return (_process.TotalProcessorTime.TotalSeconds, _process.WorkingSet64 / 1048576.0);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        s_watchdog.Release(_process.Id);
        _process.Dispose();
    }
}
