using System.Diagnostics;

namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>A process of the control plane ended before it should.</summary>
internal sealed class PlaneFailedException(string message, bool isPortTaken) : InvalidOperationException(message)
{
    /// <summary>Another process was quicker to take the port.</summary>
    public bool IsPortTaken { get; } = isPortTaken;
}

/// <summary>The child processes, each with a log; ended in the reverse order of their start, and by a watchdog if this process dies first.</summary>
internal sealed class PlaneProcesses(string data, string logs) : IAsyncDisposable
{
    private readonly List<(Process Process, Task Copied)> _running = [];
    private readonly PlaneWatchdog _watchdog = new(data);

    /// <summary>Where the logs are; they stay.</summary>
    public string Logs => logs;

    /// <summary>Starts a program and returns its id.</summary>
    public int Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = data,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _watchdog.Guard(process.Id);
        var log = TextWriter.Synchronized(new StreamWriter(LogOf(Path.GetFileName(program)), append: true) { AutoFlush = true });
        _running.Add((process, CopyAsync(process, log)));
        return process.Id;
    }

    /// <summary>Throws with the last lines of its log if a process ended.</summary>
    public void ThrowIfEnded()
    {
        foreach (var (process, _) in _running)
        {
            if (!process.HasExited)
                continue;
            var name = Path.GetFileName(process.StartInfo.FileName);
            var words = LastWords(name);
            throw new PlaneFailedException(
                $"{name} ended with {process.ExitCode}, see {LogOf(name)}: {words}",
                words.Contains("address already in use", StringComparison.Ordinal)
            );
        }
    }

    /// <summary>The last lines that a program wrote.</summary>
    public string LastWords(string name)
    {
        using var file = new FileStream(LogOf(name), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(8));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, copied) in Enumerable.Reverse(_running))
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            await copied;
            process.Dispose();
        }

        _running.Clear();
        _watchdog.Dispose();
    }

    private string LogOf(string name) => Path.Combine(logs, name + ".log");

    private static async Task CopyAsync(Process process, TextWriter log)
    {
        await using (log)
        {
            await Task.WhenAll(CopyLinesAsync(process.StandardOutput, log), CopyLinesAsync(process.StandardError, log));
        }
    }

    private static async Task CopyLinesAsync(StreamReader reader, TextWriter log)
    {
        while (await reader.ReadLineAsync() is { } line)
            await log.WriteLineAsync(line);
    }
}
