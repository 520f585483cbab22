using System.Diagnostics;
using System.Text;
using Sam.Testing;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>The real caddy in a network namespace of its own, so that ports 80 and 443 are free and nothing leaks out.</summary>
/// <param name="beside">Another one whose namespace it shares; null: a namespace of its own.</param>
internal sealed class CaddyProcess(CaddyProcess? beside = null) : IDisposable
{
    private static int s_count;
    private readonly string _namespace =
        beside?.Namespace ?? $"samcaddy{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-caddy-").FullName;
    private Process? _process;
    private bool _opened;

    /// <summary>Name of the network namespace.</summary>
    public string Namespace => _namespace;

    /// <summary>Further variables of Caddy's environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>A file below Caddy's data.</summary>
    public string Data(string path) => Path.Combine(_folder, path);

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

    /// <summary>Makes the namespace.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="hosts">Names that lead to this namespace itself.</param>
    public async Task OpenAsync(CancellationToken cancellationToken, params string[] hosts)
    {
        // `ip netns exec` shows this file as /etc/hosts (ip-netns(8)).
        Directory.CreateDirectory(HostsFolder);
        await File.WriteAllTextAsync(
            Path.Combine(HostsFolder, "hosts"),
            $"127.0.0.1 localhost {string.Join(' ', hosts)}\n",
            cancellationToken
        );
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
        await Poll.UntilAsync(() => _process.HasExited || File.Exists(Socket), "caddy opened no socket", cancellationToken);
        Assert.False(_process.HasExited, "caddy ended at its start");
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
            Directory.Delete(HostsFolder, recursive: true);
        }
        Directory.Delete(_folder, recursive: true);
    }

    private string HostsFolder => $"/etc/netns/{_namespace}";

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private ProcessStartInfo Info(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"])
            info.Environment[name] = _folder;
        foreach (var (name, value) in Variables)
            info.Environment[name] = value;
        return info;
    }
}
