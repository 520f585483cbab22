using k8s;

namespace Sam.Runtime.Resources;

/// <summary>Deep copies by way of JSON: what a cache holds is never handed out to be changed.</summary>
public static class Copy
{
    /// <summary>A private copy.</summary>
    public static TEntity Of<TEntity>(TEntity entity) => KubernetesJson.Deserialize<TEntity>(KubernetesJson.Serialize(entity));
}
