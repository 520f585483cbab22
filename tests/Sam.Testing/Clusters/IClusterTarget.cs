namespace Sam.Testing.Clusters;

/// <summary>A Kubernetes API to test against.</summary>
internal interface IClusterTarget : IAsyncDisposable
{
    /// <summary>What it is, for messages.</summary>
    string Name { get; }

    /// <summary>An administrator's kubeconfig, YAML.</summary>
    string Kubeconfig { get; }

    /// <summary>What it can do.</summary>
    ClusterTraits Traits { get; }

    /// <summary>Id of the API server's process; null where it is this one or not here.</summary>
    int? ServerProcess => null;
}

/// <summary>Where targets differ.</summary>
/// <param name="IsDevCluster">It is our own stand-in.</param>
/// <param name="OutlivesTests">Somebody else's: what the tests make there, they have to take away.</param>
/// <param name="HasControllers">Namespaces end, garbage is collected and service accounts are made: kube-controller-manager, or as if.</param>
public sealed record ClusterTraits(bool IsDevCluster, bool OutlivesTests, bool HasControllers);
