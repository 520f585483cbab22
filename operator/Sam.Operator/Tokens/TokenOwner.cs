using k8s;
using k8s.Models;

namespace Sam.Operator.Tokens;

/// <summary>Whose a token is: one object, by its UID. Tokens end with it.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID; another object of the same name is another owner.</param>
internal sealed record TokenOwner(string Kind, string Namespace, string Name, string Uid)
{
    /// <summary>The owner that an object is.</summary>
    public static TokenOwner Of(IKubernetesObject<V1ObjectMeta> entity) =>
        new(entity.Kind, entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name, entity.Metadata.Uid);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
