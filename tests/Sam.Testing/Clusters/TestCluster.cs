using k8s;
using k8s.KubeConfigModels;
using Prometheus;
using Sam.Runtime.Transport;

namespace Sam.Testing.Clusters;

/// <summary>
/// A Kubernetes API with SAM's CRDs: the dev cluster; with <c>SAM_TEST_KUBECONFIG</c> the cluster of that file; with <c>KUBEBUILDER_ASSETS</c> a
/// real API server from that folder.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly IClusterTarget _target;
    private readonly Definitions _definitions;

    private TestCluster(IClusterTarget target)
    {
        _target = target;
        Transport = HttpTransport.Connect(
            Configuration(),
            new RestClientMetrics(Metrics.NewCustomRegistry()),
            TimeProvider.System
        );
        _definitions = new Definitions(Transport, target);
    }

    /// <summary>What the cluster can do.</summary>
    public ClusterTraits Traits => _target.Traits;

    /// <summary>The way to it, as a file for other processes says.</summary>
    public string Kubeconfig => _target.Kubeconfig;

    /// <summary>Id of the API server's process; null where it is this one or not here.</summary>
    public int? ServerProcess => _target.ServerProcess;

    /// <summary>The way to it.</summary>
    public IKubernetesTransport Transport { get; }

    /// <summary>Starts or finds the cluster and applies the CRDs.</summary>
    public static async Task<TestCluster> StartAsync(CancellationToken cancellationToken = default)
    {
        var cluster = new TestCluster(await TestTarget.OpenAsync(cancellationToken));
        try
        {
            await cluster._definitions.ApplyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A configuration of its own for every client: connecting changes it.</summary>
    public KubernetesClientConfiguration Configuration() =>
        KubernetesClientConfiguration.BuildConfigFromConfigObject(KubernetesYaml.Deserialize<K8SConfiguration>(Kubeconfig));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Traits.OutlivesTests)
            await _definitions.RemoveOwnAsync(CancellationToken.None);
        await _target.DisposeAsync();
    }
}
