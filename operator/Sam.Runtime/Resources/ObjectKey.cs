using k8s;
using k8s.Models;

namespace Sam.Runtime.Resources;

/// <summary>Names an object of a known kind.</summary>
/// <param name="Namespace">Its namespace; empty for a cluster-scoped kind.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key of an object.</summary>
    public static ObjectKey Of(IKubernetesObject<V1ObjectMeta> entity) =>
        new(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
