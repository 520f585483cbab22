using Sam.DevCluster;

namespace Sam.Testing.Clusters;

/// <summary>The dev cluster in this process.</summary>
internal sealed class DevClusterTarget : IClusterTarget
{
    private readonly DevClusterServer _server;

    private DevClusterTarget(DevClusterServer server, ClusterTraits traits) => (_server, Traits) = (server, traits);

    public string Name => "the dev cluster";

    public string Kubeconfig => _server.Kubeconfig;

    public ClusterTraits Traits { get; }

    public static async Task<DevClusterTarget> StartAsync(ClusterTraits traits, CancellationToken cancellationToken) =>
        new(await DevClusterServer.StartAsync(cancellationToken: cancellationToken), traits);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
