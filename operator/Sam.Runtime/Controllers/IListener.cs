using k8s;
using k8s.Models;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Controllers;

/// <summary>
/// Listens to another system for every object of a kind that has something to listen to: one stream an object, kept open by the process that leads,
/// opened again with back-off when it breaks, ended when the object goes. What it hears it tells to <see cref="IRequeue{TEntity}"/>.
/// </summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <typeparam name="TSource">What is listened to, compared by value.</typeparam>
public interface IListener<TEntity, TSource>
    where TEntity : IKubernetesObject<V1ObjectMeta>
    where TSource : class
{
    /// <summary>Its name in metrics and logs.</summary>
    string Name { get; }

    /// <summary>What to listen to for an object; null while there is nothing. Another value ends the stream and opens another. Quick: asked at every change.</summary>
    TSource? SourceOf(TEntity entity);

    /// <summary>Listens until the stream ends or breaks, or until cancelled; then it is called again after a pause.</summary>
    Task ListenAsync(ObjectKey key, TSource source, CancellationToken cancellationToken);
}
