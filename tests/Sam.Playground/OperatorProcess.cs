using System.Diagnostics;

namespace Sam.Playground;

/// <summary>The operator as a process of its own; it can be stopped, killed and started again.</summary>
internal sealed class OperatorProcess(string kubeconfig, Uri hetzner, bool recordOnly, int healthPort, string logFile)
    : IAsyncDisposable
{
    private Process? _process;

    /// <summary>Resident memory in MiB; 0 while it does not run.</summary>
    public long ResidentMiB
    {
        get
        {
            if (_process is not { HasExited: false } process)
                return 0;
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    /// <summary>Starts it; its output goes to the log file, appended.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            Environment =
            {
                ["KUBECONFIG"] = kubeconfig,
                ["Sam__HetznerEndpoint"] = hetzner.ToString(),
                ["Sam__RecordOnly"] = recordOnly ? "true" : "false",
                ["Sam__LeaderElection"] = "false",
                ["Sam__HealthPort"] = healthPort.ToString(),
            },
        };
        start.ArgumentList.Add(Repository.OperatorAssembly);
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _ = CopyAsync(_process.StandardOutput);
        _ = CopyAsync(_process.StandardError);
    }

    /// <summary>SIGKILL, as a node that loses power does.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM, then SIGKILL after 15 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            using var term = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            try
            {
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15));
            }
            catch (TimeoutException)
            {
                await KillAsync();
            }
        }

        _process?.Dispose();
    }

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (this)
                File.AppendAllText(logFile, line + "\n");
        }
    }
}
