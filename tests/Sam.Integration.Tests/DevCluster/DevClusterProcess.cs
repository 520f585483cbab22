using System.Diagnostics;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>The dev cluster as a program of its own.</summary>
internal sealed class DevClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly List<string> _output = [];

    public DevClusterProcess(string folder, string arguments = "", string name = "kubeconfig")
    {
        KubeconfigPath = Path.Combine(folder, name);
        File.Delete(KubeconfigPath);
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        // A shell's background job ignores SIGINT, and so would all below it: the tests may run in one.
        var start = new ProcessStartInfo(
            "env",
            $"--default-signal=INT,TERM {dotnet} {Path.Combine(AppContext.BaseDirectory, "Sam.DevCluster.dll")} --kubeconfig-out {KubeconfigPath} {arguments}"
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PORT"] = "0" },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string KubeconfigPath { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    /// <summary>Waits until the file is there, which is when the cluster serves; a start takes long on a machine that is busy.</summary>
    public async Task<ClusterClient> ConnectAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!File.Exists(KubeconfigPath))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_patience, $"it does not serve: {Output}");
            Assert.False(_process.HasExited, $"it ended: {Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
        return new ClusterClient(await File.ReadAllTextAsync(KubeconfigPath, TestContext.Current.CancellationToken));
    }

    public void Kill() => _process.Kill();

    public Task<int> TerminateAsync() => SignalAsync("TERM");

    public Task<int> InterruptAsync() => SignalAsync("INT");

    /// <summary>The exit code once it has ended by itself.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"it does not end: {Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<int> SignalAsync(string signal)
    {
        using var sent = Process.Start("sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await sent.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await EndAsync();
    }

    private void Add(string? line)
    {
        lock (_output)
            _output.Add(line ?? "");
    }
}
