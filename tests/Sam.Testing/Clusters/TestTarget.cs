using Sam.Testing.Clusters.ControlPlane;

namespace Sam.Testing.Clusters;

/// <summary>Which Kubernetes API the environment asks for, and how to come by it.</summary>
public static class TestTarget
{
    /// <summary>Names the kubeconfig of an existing cluster.</summary>
    public const string KubeconfigVariable = "SAM_TEST_KUBECONFIG";

    /// <summary>Names a folder with etcd and kube-apiserver (the envtest convention).</summary>
    public const string AssetsVariable = "KUBEBUILDER_ASSETS";

    /// <summary>What the asked-for target can do, known before it is started.</summary>
    public static ClusterTraits Traits =>
        Read(KubeconfigVariable) is not null ? new(IsDevCluster: false, OutlivesTests: true, HasControllers: true)
        : Read(AssetsVariable) is { } folder
            ? new(IsDevCluster: false, OutlivesTests: false, ControlPlaneTarget.HasControllers(folder))
        : new(IsDevCluster: true, OutlivesTests: false, HasControllers: true);

    /// <summary>Starts or finds it.</summary>
    internal static async Task<IClusterTarget> OpenAsync(CancellationToken cancellationToken)
    {
        if (Read(KubeconfigVariable) is { } file)
            return new ExistingTarget(file, await File.ReadAllTextAsync(file, cancellationToken), Traits);
        if (Read(AssetsVariable) is { } folder)
            return await ControlPlaneTarget.StartAsync(folder, cancellationToken);
        return await DevClusterTarget.StartAsync(Traits, cancellationToken);
    }

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
