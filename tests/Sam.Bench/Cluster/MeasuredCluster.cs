using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.KubeConfigModels;
using Sam.Bench.Targets;
using Sam.Testing;
using Sam.Testing.Clusters;

namespace Sam.Bench.Cluster;

/// <summary>An API server as a process, and clients of it.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    public const string Path = "/apis/bench.dev/v1/namespaces/default/widgets";

    private const string Definition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.bench.dev"},
        "spec":{"group":"bench.dev","scope":"Namespaced","names":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList"},
        "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object",
        "properties":{"spec":{"type":"object","properties":{"sent":{"type":"string"},"image":{"type":"string"},
        "ports":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"port":{"type":"integer","minimum":1}}}},
        "env":{"type":"object","additionalProperties":{"type":"string"}}}},
        "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}]}}
        """;

    private readonly Process _process;
    private readonly IAsyncDisposable _owner;
    private readonly K8SConfiguration _config;

    private MeasuredCluster(Process process, string kubeconfig, IAsyncDisposable owner, string name)
    {
        (_process, _owner, Name) = (process, owner, name);
        _config = KubernetesYaml.Deserialize<K8SConfiguration>(kubeconfig);
    }

    /// <summary>What is measured.</summary>
    public string Name { get; }

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Processor time that the server has used.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the dev cluster, or the control plane that KUBEBUILDER_ASSETS names.</summary>
    public static async Task<MeasuredCluster> StartAsync(string server, CancellationToken cancellationToken)
    {
        var cluster = Environment.GetEnvironmentVariable(TestTarget.AssetsVariable) is { Length: > 0 }
            ? await StartPlaneAsync(cancellationToken)
            : await StartDevClusterAsync(server, cancellationToken);
        using var client = cluster.Connect();
        await SendAsync(
            client,
            HttpMethod.Post,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition,
            cancellationToken
        );
        await Poll.UntilAsync(
            async () =>
            {
                using var answer = await client.GetAsync(Path + "?limit=1", cancellationToken);
                return answer.IsSuccessStatusCode;
            },
            () => Task.FromResult($"{cluster.Name} does not serve widgets"),
            cancellationToken
        );
        return cluster;
    }

    /// <summary>A client with one connection of its own.</summary>
    public HttpClient Connect()
    {
        using var certificate = X509Certificate2.CreateFromPem(Pem(User.ClientCertificateData), Pem(User.ClientKeyData));
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        handler.SslOptions.ClientCertificates =
        [
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
        ];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(Pem(Cluster.CertificateAuthorityData)) },
        };
        return new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = new Uri(Cluster.Server),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static async Task SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        string? body,
        CancellationToken cancellationToken,
        string mediaType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(answer)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _owner.DisposeAsync();
    }

    private static async Task<MeasuredCluster> StartPlaneAsync(CancellationToken cancellationToken)
    {
        var plane = await TestCluster.StartAsync(cancellationToken);
        if (plane.ServerProcess is { } id)
            return new MeasuredCluster(
                Process.GetProcessById(id),
                plane.Kubeconfig,
                plane,
                "Control plane of KUBEBUILDER_ASSETS"
            );
        await plane.DisposeAsync();
        throw new InvalidOperationException($"{TestTarget.KubeconfigVariable} names a cluster whose process cannot be measured");
    }

    private static async Task<MeasuredCluster> StartDevClusterAsync(string server, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sam-bench-").FullName;
        var file = System.IO.Path.Combine(folder, "kubeconfig");
        var child = Child.Start(server, "--port", "0", "--kubeconfig-out", file);
        while (await child.ReadAsync(cancellationToken) is { } line && !line.StartsWith("ready", StringComparison.Ordinal))
            await Console.Error.WriteLineAsync(line);
        if (!File.Exists(file))
            throw new InvalidOperationException("the dev cluster ended before it was ready");
        var kubeconfig = await File.ReadAllTextAsync(file, cancellationToken);
        Directory.Delete(folder, recursive: true);
        return new MeasuredCluster(Process.GetProcessById(child.Id), kubeconfig, child, "Dev cluster");
    }

    private ClusterEndpoint Cluster => _config.Clusters.First().ClusterEndpoint;

    private UserCredentials User => _config.Users.First().UserCredentials;

    private static string Pem(string data) => Encoding.UTF8.GetString(Convert.FromBase64String(data));
}
