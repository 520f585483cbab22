using System.Diagnostics;
using System.Text;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>The real caddy in a network namespace of its own, so that ports 80 and 443 are free and nothing leaks out.</summary>
internal sealed class CaddyProcess : IDisposable
{
    private readonly string _namespace = $"samcaddy{Environment.ProcessId}";
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-caddy-").FullName;
    private Process? _process;
    private bool _opened;

    public string Socket => Path.Combine(_folder, "admin.sock");

    public string AutoSave => Path.Combine(_folder, "caddy", "autosave.json");

    public string RootCertificate => Path.Combine(_folder, "caddy", "pki", "authorities", "local", "root.crt");

    public static string? Missing() =>
        !File.Exists("/usr/bin/caddy") ? "caddy is not installed (apt-get install caddy)"
        : !Environment.IsPrivilegedProcess ? "network namespaces need root"
        : null;

    public string Write(string name, string document)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, document);
        return file;
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var (code, output) = await RunAsync("ip", ["netns", "add", _namespace], cancellationToken);
        Assert.True(code == 0, output);
        _opened = true;
        await InsideAsync(["ip", "link", "set", "lo", "up"], cancellationToken);
    }

    public async Task StartAsync(string config, CancellationToken cancellationToken)
    {
        File.Delete(Socket);
        _process = Process.Start(Info("ip", ["netns", "exec", _namespace, "caddy", "run", "--resume", "--config", config]))!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (!File.Exists(Socket))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(3), "caddy opened no socket");
            Assert.False(_process.HasExited, "caddy ended at its start");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    // `ip netns exec` becomes caddy by exec, so this is SIGKILL to caddy itself.
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public Task<(int Code, string Output)> InsideAsync(string[] command, CancellationToken cancellationToken) =>
        RunAsync("ip", ["netns", "exec", _namespace, .. command], cancellationToken);

    public async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Info(program, arguments))!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output.ToString());
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        _process?.Dispose();
        if (_opened)
        {
            using var delete = Process.Start(Info("ip", ["netns", "del", _namespace]))!;
            delete.WaitForExit();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private ProcessStartInfo Info(string program, string[] arguments) =>
        new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["XDG_CONFIG_HOME"] = _folder,
                ["XDG_DATA_HOME"] = _folder,
                ["HOME"] = _folder,
            },
        };
}
