using System.Diagnostics;

namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>
/// A shell that holds one end of a pipe: when this process ends in whatever way, the pipe closes, and the shell kills the guarded processes by
/// their ids and removes the data. (PR_SET_PDEATHSIG would not do: it follows the thread that started a child, and pool threads come and go.)
/// </summary>
public sealed class PlaneWatchdog : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        while read -r verb pid; do
          if [ "$verb" = guard ]; then pids="$pids $pid "; else pids=$(echo "$pids" | sed "s/ $pid / /"); fi
        done
        [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
        rm -rf "$1"
        """;

    private readonly Process _shell;

    public PlaneWatchdog(string data)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sam-watchdog", data])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        _shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start");
        _shell.StandardInput.AutoFlush = true;
    }

    /// <summary>Adds a process to those that end with this one.</summary>
    public void Guard(int pid) => Tell($"guard {pid}");

    /// <summary>Takes a process out that has ended: its id may soon be another's.</summary>
    public void Release(int pid) => Tell($"release {pid}");

    /// <summary>Nothing is left to guard.</summary>
    public void Dispose()
    {
        _shell.Kill();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Tell(string line)
    {
        lock (_shell)
            _shell.StandardInput.WriteLine(line);
    }
}
