using k8s;
using k8s.Models;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Controllers;

/// <summary>Wakes the controllers of a kind for what no watch tells, such as an event of another system.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IRequeue<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Asks for a run as soon as possible.</summary>
    void Enqueue(string @namespace, string name);

    /// <summary>Asks for a run after a delay; of several the earliest wins.</summary>
    void EnqueueAfter(string @namespace, string name, TimeSpan delay);
}

/// <summary>The queue of one controller; apart from the controller, so that what the controller depends on may wake it.</summary>
internal interface IControllerQueue<TEntity>
{
    WorkQueue<ObjectKey> Queue { get; }
}

/// <inheritdoc cref="IControllerQueue{TEntity}"/>
internal sealed class ControllerQueue<TController, TEntity>(WorkQueue<ObjectKey> queue) : IControllerQueue<TEntity>, IDisposable
{
    public WorkQueue<ObjectKey> Queue { get; } = queue;

    public void Dispose() => Queue.Dispose();
}

/// <inheritdoc/>
internal sealed class Requeue<TEntity>(IEnumerable<IControllerQueue<TEntity>> queues) : IRequeue<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly IControllerQueue<TEntity>[] _queues = [.. queues];

    public void Enqueue(string @namespace, string name)
    {
        foreach (var target in _queues)
            target.Queue.Add(new ObjectKey(@namespace, name));
    }

    public void EnqueueAfter(string @namespace, string name, TimeSpan delay)
    {
        foreach (var target in _queues)
            target.Queue.AddAfter(new ObjectKey(@namespace, name), delay);
    }
}
