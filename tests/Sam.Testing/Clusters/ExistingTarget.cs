namespace Sam.Testing.Clusters;

/// <summary>A cluster that somebody else runs; nothing of it is ours but what the tests made.</summary>
internal sealed class ExistingTarget(string file, string kubeconfig, ClusterTraits traits) : IClusterTarget
{
    public string Name => $"the cluster of {file}";

    public string Kubeconfig => kubeconfig;

    public ClusterTraits Traits => traits;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
