using k8s;
using k8s.Models;

namespace Sam.Runtime.Abstractions;

/// <summary>The read side of an informer: what is known of a kind now, without a call.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IResourceStore<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The cached object; shared between readers and never to be changed. Null if there is none.</summary>
    TEntity? Get(string @namespace, string name);

    /// <summary>All cached objects of a namespace, or of all of them; in no order.</summary>
    IReadOnlyCollection<TEntity> List(string? @namespace = null);

    /// <summary>All cached objects with this key in a named index.</summary>
    IReadOnlyCollection<TEntity> ByIndex(string index, string key);
}

/// <summary>The write side (and uncached reads) of one kind. Faults are <c>KubernetesApiException</c>, categorized.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IResourceClient<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads past the cache; null if the object does not exist.</summary>
    Task<TEntity?> GetAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>Creates; a conflict (AlreadyExists) is thrown as <c>KubernetesApiException</c> with code 409.</summary>
    Task<TEntity> CreateAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>Replaces, guarded by the entity's resourceVersion.</summary>
    Task<TEntity> UpdateAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>Merge-patches (RFC 7386) the object or its <paramref name="subresource"/> with a JSON document.</summary>
    Task<TEntity> MergePatchAsync(
        string @namespace,
        string name,
        string patch,
        string? subresource,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes in the background; false if it did not exist. With a <paramref name="uid"/> only that very object is deleted.</summary>
    Task<bool> DeleteAsync(string @namespace, string name, string? uid, CancellationToken cancellationToken);

    /// <summary>Lists past the cache.</summary>
    Task<IReadOnlyList<TEntity>> ListAsync(string? @namespace, string? labelSelector, CancellationToken cancellationToken);
}

/// <summary>Tells users what happened to an object, as <c>events.k8s.io/v1</c>; repeats are folded into a series.</summary>
public interface IEventRecorder
{
    /// <summary>Records without waiting; a recorder that cannot keep up drops the oldest, since events are optional observation.</summary>
    /// <param name="regarding">The object.</param>
    /// <param name="reason">The condition's reason, CamelCase.</param>
    /// <param name="message">One sentence, no secret.</param>
    /// <param name="isWarning">Warning instead of Normal.</param>
    void Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning = false);
}
