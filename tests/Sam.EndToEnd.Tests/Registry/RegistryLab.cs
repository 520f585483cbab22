using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sam.Testing;
using Sam.Testing.Clusters;
using Sam.Testing.Operators;

namespace Sam.EndToEnd.Tests.Registry;

/// <summary>
/// Debian's registry with token authentication, an engine without any network of its own (no bridge, no firewall rule), a Kubernetes API, and the
/// operator's real program; all on loopback, all ended by process id.
/// </summary>
internal sealed class RegistryLab : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-registry-").FullName;
    private readonly List<Process> _engine = [];
    private Process? _registry;
    private TestCluster _cluster = null!;

    /// <summary>Host and port of the registry; an address that Docker lets be plain.</summary>
    public string Host { get; } = $"127.77.0.31:{FreePorts.Next()}";

    /// <summary>The token endpoint.</summary>
    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePorts.Next()}");

    /// <summary>The operator.</summary>
    public OperatorProcess Operator { get; private set; } = null!;

    /// <summary>The namespace whose repositories are <c>NAMESPACE/...</c>.</summary>
    public string Namespace => Operator.Kube.Namespace;

    /// <summary>The operator's namespace.</summary>
    public string System => $"{Namespace}-system";

    /// <summary>docker's own folder, with its logins.</summary>
    public string DockerConfig => Path.Combine(_folder, "docker");

    /// <summary>bash with kubectl and docker set to this lab.</summary>
    public CommandLine Shell { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts everything; skipped where a program is missing, but fails in CI.</summary>
    public static async Task<RegistryLab> StartAsync(params (string Name, string Value)[] settings)
    {
        var missing = CommandLine.Missing("dockerd", "docker", "docker-registry", "kubectl", "busybox");
        missing ??= Environment.IsPrivilegedProcess ? null : "root";
        Assert.False(missing is not null && Environment.GetEnvironmentVariable("CI") == "true", $"missing: {missing}");
        Assert.SkipWhen(missing is not null, $"missing: {missing}");
        var lab = new RegistryLab();
        try
        {
            await lab.OpenAsync(settings);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the registry and starts it with a bundle: it reads that file only then.</summary>
    public async Task RestartRegistryAsync(string bundle)
    {
        await EndAsync(_registry);
        await File.WriteAllTextAsync(Path.Combine(_folder, "bundle.pem"), bundle, Stop);
        _registry = Start("docker-registry", "serve", Path.Combine(_folder, "registry.yml"));
        using var http = new HttpClient();
        await Poll.UntilAsync(() => AnswersAsync(http), () => Task.FromResult("the registry does not answer"), Stop);
    }

    /// <summary>The certificates as the ConfigMap shows them.</summary>
    public Task<string> BundleAsync() =>
        Shell.ShellAsync($$"""kubectl -n {{System}} get configmap sam-registry-trust -o jsonpath='{.data.bundle\.pem}'""", Stop);

    /// <summary>What the registry says to a request for a manifest with a token.</summary>
    public async Task<HttpStatusCode> ManifestAsync(string repository, string? token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Host}/v2/{repository}/manifests/1");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    /// <summary>What the engine says to a pull with a token in place of a login, as the operator asks it for an app.</summary>
    public async Task<string> PullAsync(string repository, string token)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"http://docker/v1.41/images/create?fromImage={Host}/{repository}&tag=1"
        );
        var login = JsonSerializer.SerializeToUtf8Bytes(new { registrytoken = token, serveraddress = Host });
        request.Headers.Add("X-Registry-Auth", Convert.ToBase64String(login).Replace('+', '-').Replace('/', '_'));
        using var answer = await http.SendAsync(request, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (Operator is not null)
            await Operator.DisposeAsync();
        await EndAsync(_registry);
        foreach (var process in _engine)
            await EndAsync(process, gently: true);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync((string Name, string Value)[] settings)
    {
        _cluster = await TestCluster.StartAsync(Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kubeconfig"), _cluster.Kubeconfig, Stop);
        Shell = new CommandLine(
            new Dictionary<string, string>
            {
                ["KUBECONFIG"] = Path.Combine(_folder, "kubeconfig"),
                ["DOCKER_CONFIG"] = DockerConfig,
                ["DOCKER_HOST"] = $"unix://{_folder}/docker.sock",
            }
        );
        Directory.CreateDirectory(DockerConfig);
        var environment = new Dictionary<string, string>
        {
            ["Sam__LeaderElection"] = "false",
            ["Sam__Registry__Trusted__0__Host"] = Host,
            ["Sam__Registry__Endpoint__Port"] = Endpoint.Port.ToString(),
            ["Sam__Registry__KeyRefresh"] = "00:00:01",
            ["Sam__Registry__PublishAhead"] = "00:00:00",
            ["Sam__Registry__MintsPerWindow"] = "1000",
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        Operator = await OperatorProcess.StartAsync(_cluster, environment, Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "registry.yml"), RegistryConfiguration(), Stop);
        await Poll.UntilAsync(
            async () => (await Shell.TryAsync($"kubectl -n {System} get configmap sam-registry-trust", Stop)).Code == 0,
            () => Task.FromResult($"no key was published:\n{string.Join('\n', Operator.Output)}"),
            Stop
        );
        await RestartRegistryAsync(await BundleAsync());
        await StartEngineAsync();
    }

    private string RegistryConfiguration() =>
        $$"""
            version: 0.1
            log: { level: warn, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{_folder}}/images }, delete: { enabled: true } }
            http: { addr: "{{Host}}", secret: lab }
            auth:
              token: { realm: "{{Endpoint}}token", service: "{{Host}}", issuer: sam-operator, rootcertbundle: "{{_folder}}/bundle.pem" }
            """;

    private async Task StartEngineAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "daemon.json"), "{}", Stop);
        _engine.Add(
            Start(
                "dockerd",
                "--host",
                $"unix://{_folder}/docker.sock",
                "--config-file",
                $"{_folder}/daemon.json",
                "--data-root",
                $"{_folder}/engine",
                "--exec-root",
                $"{_folder}/exec",
                "--pidfile",
                $"{_folder}/dockerd.pid",
                "--storage-driver=vfs",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false"
            )
        );
        await Poll.UntilAsync(
            async () => (await Shell.TryAsync("docker version", Stop)).Code == 0,
            () => Task.FromResult("the engine does not answer"),
            Stop
        );
        await Shell.ShellAsync(
            $"tar -C \"$(dirname \"$(command -v busybox)\")\" -c busybox | docker import - {Host}/{Namespace}/app:1",
            Stop
        );
        await Shell.ShellAsync($"docker tag {Host}/{Namespace}/app:1 {Host}/{Namespace}/secret:1", Stop);
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{Host}/v2/"), Stop);
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{_folder}/docker.sock"), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndAsync(Process? process, bool gently = false)
    {
        if (process is null)
            return;
        if (!process.HasExited)
        {
            if (gently)
            {
                using var kill = Process.Start("kill", process.Id.ToString());
                await kill.WaitForExitAsync();
            }
            else
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
