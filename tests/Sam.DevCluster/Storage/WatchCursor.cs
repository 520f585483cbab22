using System.Threading.Channels;

namespace Sam.DevCluster.Storage;

/// <summary>One watcher's place in the stream of changes of a resource.</summary>
internal sealed class WatchCursor(string shelf, Action<WatchCursor> close) : IDisposable
{
    private readonly Channel<StoreEvent> _changes = Channel.CreateUnbounded<StoreEvent>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public string Shelf { get; } = shelf;

    public ChannelReader<StoreEvent> Changes => _changes.Reader;

    /// <summary>The version that everything before is already delivered at the start.</summary>
    public long StartVersion { get; init; }

    /// <summary>The objects at <see cref="StartVersion"/> where the watch asked for them.</summary>
    public IReadOnlyList<StoredObject> Initial { get; init; } = [];

    public void Offer(StoreEvent change) => _changes.Writer.TryWrite(change);

    /// <summary>Ends the stream as a dropped connection does.</summary>
    public void Drop() => _changes.Writer.TryComplete();

    public void Dispose() => close(this);
}
