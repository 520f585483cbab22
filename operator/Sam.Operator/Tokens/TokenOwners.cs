using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Tokens;

/// <summary>Tells whether an owner lives: the very object, by its UID, and not on its way out.</summary>
internal sealed class TokenOwners(IEnumerable<ITokenOwnerKind> kinds)
{
    private readonly Dictionary<string, ITokenOwnerKind> _kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>The living object that an owner is; null if there is none. A kind that nobody knows has no living owners.</summary>
    public IKubernetesObject<V1ObjectMeta>? Find(TokenOwner owner) =>
        _kinds.GetValueOrDefault(owner.Kind)?.Find(owner.Namespace, owner.Name) is { } found
        && found.Metadata.Uid == owner.Uid
        && found.Metadata.DeletionTimestamp is null
            ? found
            : null;
}

/// <summary>A kind whose objects may own tokens.</summary>
internal interface ITokenOwnerKind
{
    /// <summary>Name of the kind.</summary>
    string Kind { get; }

    /// <summary>The object of this name, if there is one.</summary>
    IKubernetesObject<V1ObjectMeta>? Find(string @namespace, string name);
}

/// <summary>Finds owners in the cache of their kind.</summary>
internal sealed class CachedOwners<TEntity>(string kind, IResourceStore<TEntity> store) : ITokenOwnerKind
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    public string Kind => kind;

    public IKubernetesObject<V1ObjectMeta>? Find(string @namespace, string name) => store.Get(@namespace, name);
}
