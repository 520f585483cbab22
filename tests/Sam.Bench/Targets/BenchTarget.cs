using k8s;
using k8s.Models;
using Prometheus;
using Sam.Bench.Kind;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;
using Sam.Testing;
using Sam.Testing.Clusters;

namespace Sam.Bench.Targets;

/// <summary>The API to measure against: a kubeconfig, the control plane of KUBEBUILDER_ASSETS, or a dev cluster in a process of its own.</summary>
internal sealed class BenchTarget : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-bench-").FullName;
    private TestCluster? _plane;
    private Child? _devCluster;

    private BenchTarget() { }

    /// <summary>What it is.</summary>
    public string Name { get; private set; } = "";

    /// <summary>An administrator's kubeconfig.</summary>
    public string KubeconfigFile { get; private set; } = "";

    /// <summary>A connection of the bench's own.</summary>
    public IKubernetesTransport Transport { get; private set; } = null!;

    /// <summary>Processor seconds and resident MiB of the dev cluster; null where it is another.</summary>
    public (double CpuSeconds, double ResidentMiB)? ServerUsage => _devCluster?.Usage();

    public static async Task<BenchTarget> StartAsync(string? kubeconfig, CancellationToken cancellationToken)
    {
        var target = new BenchTarget();
        target.KubeconfigFile = Path.Combine(target._folder, "kubeconfig");
        if (kubeconfig is not null)
            (target.Name, target.KubeconfigFile) = ("the given cluster", kubeconfig);
        else if (Environment.GetEnvironmentVariable(TestTarget.AssetsVariable) is { Length: > 0 })
            await target.StartPlaneAsync(cancellationToken);
        else
            await target.StartDevClusterAsync(cancellationToken);
        target.Transport = HttpTransport.Connect(
            KubernetesClientConfiguration.BuildConfigFromConfigFile(target.KubeconfigFile),
            new RestClientMetrics(Metrics.NewCustomRegistry()),
            TimeProvider.System
        );
        await target.DefineAsync(cancellationToken);
        return target;
    }

    /// <summary>A client of a kind.</summary>
    public KubernetesResourceClient<T> Client<T>()
        where T : IKubernetesObject<V1ObjectMeta> => new(Transport, new AlwaysLeader(), []);

    /// <summary>What the server counted so far.</summary>
    public async Task<SortedDictionary<string, long>> CountsAsync(CancellationToken cancellationToken)
    {
        using var response = await Transport.SendAsync(
            new TransportRequest(HttpMethod.Get, "/metrics") { Accept = "text/plain" },
            cancellationToken
        );
        using var reader = new StreamReader(response.Body);
        return ServerCounts.Parse(await reader.ReadToEndAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (_devCluster is not null)
            await _devCluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartPlaneAsync(CancellationToken cancellationToken)
    {
        _plane = await TestCluster.StartAsync(cancellationToken);
        await File.WriteAllTextAsync(KubeconfigFile, _plane.Kubeconfig, cancellationToken);
        Name = "the control plane of KUBEBUILDER_ASSETS";
    }

    private async Task StartDevClusterAsync(CancellationToken cancellationToken)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Sam.DevCluster.dll");
        _devCluster = Child.Start(assembly, "--port", "0", "--kubeconfig-out", KubeconfigFile);
        while (await _devCluster.ReadAsync(cancellationToken) is { } line && !line.StartsWith("ready", StringComparison.Ordinal))
            Name = line;
        Name = "the dev cluster";
    }

    private async Task DefineAsync(CancellationToken cancellationToken)
    {
        var definition = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(WidgetDefinition.Yaml);
        var client = Client<V1CustomResourceDefinition>();
        if (await client.GetAsync("", definition.Metadata.Name, cancellationToken) is null)
            await client.CreateAsync(definition, cancellationToken);
        var path = ResourceKind.Of<Widget>().CollectionPath(null) + "?limit=1";
        await Poll.UntilAsync(
            async () =>
            {
                using var answer = await Transport.SendAsync(new TransportRequest(HttpMethod.Get, path), cancellationToken);
                return answer.IsSuccess;
            },
            () => Task.FromResult("Widgets are not served"),
            cancellationToken
        );
    }
}
