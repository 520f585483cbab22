using k8s;
using k8s.KubeConfigModels;
using Prometheus;
using Sam.DevCluster;
using Sam.Runtime.Transport;

namespace Sam.Testing.Clusters;

/// <summary>
/// A Kubernetes API with SAM's CRDs: the dev cluster; with <c>SAM_TEST_KUBECONFIG</c> the cluster of that file; with <c>KUBEBUILDER_ASSETS</c> a
/// real API server from that folder.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly IAsyncDisposable? _owned;
    private readonly string _kubeconfig;

    private TestCluster(string kubeconfig, IAsyncDisposable? owned, bool isBorrowed)
    {
        (_kubeconfig, _owned, IsBorrowed) = (kubeconfig, owned, isBorrowed);
        Transport = HttpTransport.Connect(
            Configuration(),
            new RestClientMetrics(Metrics.NewCustomRegistry()),
            TimeProvider.System
        );
    }

    /// <summary>The cluster outlives the tests, so that they have to tidy up.</summary>
    public bool IsBorrowed { get; }

    /// <summary>The way to it, as a file for other processes would say.</summary>
    internal string Kubeconfig => _kubeconfig;

    /// <summary>The way to it.</summary>
    internal IKubernetesTransport Transport { get; }

    /// <summary>Starts or finds the cluster and applies the CRDs.</summary>
    public static async Task<TestCluster> StartAsync(CancellationToken cancellationToken = default)
    {
        var cluster = await OpenAsync(cancellationToken);
        await new Definitions(cluster.Transport).ApplyAsync(cancellationToken);
        return cluster;
    }

    /// <summary>A configuration of its own for every client: connecting changes it.</summary>
    internal KubernetesClientConfiguration Configuration() =>
        KubernetesClientConfiguration.BuildConfigFromConfigObject(KubernetesYaml.Deserialize<K8SConfiguration>(_kubeconfig));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_owned is not null)
            await _owned.DisposeAsync();
    }

    private static async Task<TestCluster> OpenAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("SAM_TEST_KUBECONFIG") is { Length: > 0 } file)
            return new TestCluster(await File.ReadAllTextAsync(file, cancellationToken), null, isBorrowed: true);
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } folder)
        {
            var plane = await ControlPlane.StartAsync(folder, cancellationToken);
            return new TestCluster(plane.Kubeconfig, plane, isBorrowed: false);
        }

        var server = await DevClusterServer.StartAsync(cancellationToken: cancellationToken);
        return new TestCluster(server.Kubeconfig, server, isBorrowed: false);
    }
}
