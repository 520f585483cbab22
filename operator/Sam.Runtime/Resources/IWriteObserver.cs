using k8s;
using k8s.Models;

namespace Sam.Runtime.Resources;

/// <summary>Learns what a client wrote or read past the cache, so that nobody acts on an older version afterwards.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IWriteObserver<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The server answered with this version; the observer owns the copy.</summary>
    void Seen(TEntity entity);
}
