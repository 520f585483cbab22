using System.Diagnostics;
using Sam.DevCluster;

namespace Sam.Integration.Tests.Contract;

/// <summary>A dev cluster and a folder for the real command line tools that are tried on it.</summary>
internal sealed class ClusterTools : IAsyncDisposable
{
    private readonly DevClusterServer? _server;

    private ClusterTools(DevClusterServer? server) => _server = server;

    /// <summary>Where files of the test lie; the tools' home as well, since they keep caches there.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sam-tools-").FullName;

    public static async Task<ClusterTools> StartAsync()
    {
        var server = await DevClusterServer.StartAsync();
        var tools = new ClusterTools(server);
        server.WriteKubeconfig(Path.Combine(tools.Folder, "kubeconfig"));
        return tools;
    }

    /// <summary>The tools alone, for a cluster that is there.</summary>
    public static ClusterTools On(string kubeconfig)
    {
        var tools = new ClusterTools(null);
        tools.Write("kubeconfig", kubeconfig);
        return tools;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs kubectl and returns what it says; another exit code than the expected one fails the test.</summary>
    public Task<string> KubectlAsync(string arguments, int exitCode = 0, string? editor = null) =>
        RunAsync(Find("kubectl", null), arguments, exitCode, editor);

    /// <summary>The same for helm, which may lie at <c>SAM_HELM</c>.</summary>
    public Task<string> HelmAsync(string arguments, int exitCode = 0) =>
        RunAsync(
            Find("helm", Environment.GetEnvironmentVariable("SAM_HELM") ?? "/var/cache/sam/helm/helm"),
            arguments,
            exitCode,
            null
        );

    /// <summary>A kubectl that goes on, such as <c>get -w</c>; whoever starts it ends it.</summary>
    public Process StartKubectl(string arguments) => Process.Start(StartOf(Find("kubectl", null), arguments))!;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Find(string tool, string? place)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, tool))
            .Prepend(place ?? "")
            .FirstOrDefault(File.Exists);
        if (found is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{tool} is missing on the CI machine");
        Assert.SkipWhen(found is null, $"{tool} is not installed");
        return found!;
    }

    private ProcessStartInfo StartOf(string tool, string arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(Folder, "kubeconfig");
        start.Environment["HOME"] = Folder;
        return start;
    }

    private async Task<string> RunAsync(string tool, string arguments, int exitCode, string? editor)
    {
        var start = StartOf(tool, arguments);
        if (editor is not null)
            start.Environment["EDITOR"] = editor;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = await output + await errors;
        Assert.True(process.ExitCode == exitCode, $"{tool} {arguments} ended with {process.ExitCode}: {text}");
        return text;
    }
}
