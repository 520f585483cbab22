using k8s;
using k8s.Models;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Informers;

/// <summary>
/// Collects what a server sends at the beginning of a watch with <c>sendInitialEvents</c>: every object, then a bookmark with an annotation.
/// A server that does not know the parameter may send the objects and never the bookmark; so the silence after them is limited.
/// </summary>
internal sealed class InitialEvents<TEntity>(TimeProvider timeProvider) : IDisposable
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private const string End = "k8s.io/initial-events-end";
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _silent = new(Timeout.InfiniteTimeSpan, timeProvider);
    private readonly Dictionary<ObjectKey, TEntity> _objects = [];

    /// <summary>Cancelled when the server goes silent before the end.</summary>
    public CancellationToken Silent => _silent.Token;

    /// <summary>Whether all objects are there.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The answer has begun, so that events should come.</summary>
    public void Begin() => _silent.CancelAfter(s_silence);

    /// <summary>Takes an event in; returns everything once the end is reached.</summary>
    /// <exception cref="StreamingUnsupportedException">A bookmark came that does not mark the end.</exception>
    public ResourceSnapshot<TEntity>? Take(WatchEvent<TEntity> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Changed:
                _objects[ObjectKey.Of(change.Object)] = change.Object;
                break;
            case WatchEventType.Deleted:
                _objects.Remove(ObjectKey.Of(change.Object));
                break;
            case WatchEventType.Bookmark:
                if (change.Object.Metadata.Annotations?.TryGetValue(End, out var end) != true || end != "true")
                    throw new StreamingUnsupportedException("a bookmark came before the end of the initial events");
                IsComplete = true;
                _silent.CancelAfter(Timeout.InfiniteTimeSpan);
                return new ResourceSnapshot<TEntity>(change.Object.Metadata.ResourceVersion, [.. _objects.Values]);
            default:
                throw new InvalidOperationException($"Unhandled event type {change.Type}");
        }

        _silent.CancelAfter(s_silence);
        return null;
    }

    public void Dispose() => _silent.Dispose();
}

/// <summary>The server does not stream lists.</summary>
internal sealed class StreamingUnsupportedException(string why) : IOException($"The server does not stream lists: {why}");
