using System.Threading.Channels;

namespace Sam.DevCluster.Storage;

/// <summary>One step of a watch: a change, or a bookmark at a version when there is none.</summary>
internal readonly record struct WatchItem(StoreEvent? Change, long Version);

/// <summary>One watcher's place in the stream of changes of a resource; a watcher that falls too far behind is let go.</summary>
internal sealed class WatchCursor(string shelf, WatchLimits limits, Action<WatchCursor> close) : IDisposable
{
    private readonly Channel<WatchItem> _items = Channel.CreateUnbounded<WatchItem>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly CancellationTokenSource _cut = new();
    private long _count;
    private long _bytes;

    public string Shelf { get; } = shelf;

    /// <summary>The version that everything before is already delivered at the start.</summary>
    public long StartVersion { get; init; }

    /// <summary>The objects at <see cref="StartVersion"/> where the watch asked for them.</summary>
    public IReadOnlyList<StoredObject> Initial { get; init; } = [];

    /// <summary>Cancelled when the connection is to end at once, whatever is still waiting.</summary>
    public CancellationToken IsCut => _cut.Token;

    /// <summary>Offered under the lock of the store, hence in order.</summary>
    public void Offer(WatchItem item)
    {
        if (_cut.IsCancellationRequested || !_items.Writer.TryWrite(item))
            return;
        if (
            Interlocked.Increment(ref _count) > limits.Changes
            || Interlocked.Add(ref _bytes, item.Change?.Object.Json.Length ?? 0) > limits.Bytes
        )
            Cut();
    }

    /// <summary>False when the watch is over.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _items.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out WatchItem item)
    {
        if (!_items.Reader.TryRead(out item))
            return false;
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -(item.Change?.Object.Json.Length ?? 0));
        return true;
    }

    /// <summary>Ends the stream in order, after what was offered.</summary>
    public void Finish() => _items.Writer.TryComplete();

    /// <summary>Ends the stream as a lost connection does.</summary>
    public void Cut()
    {
        // What hangs on it runs elsewhere: the lock of the store is held here.
        _ = _cut.CancelAsync();
        _items.Writer.TryComplete();
    }

    // The source is not disposed: a writer may cut a cursor that just ended.
    public void Dispose() => close(this);
}

/// <summary>How far a watcher may fall behind.</summary>
internal readonly record struct WatchLimits(int Changes, long Bytes)
{
    /// <summary>The same room beside what is due from history.</summary>
    public WatchLimits Beside(ReadOnlySpan<StoreEvent> missed)
    {
        var bytes = 0L;
        foreach (var change in missed)
            bytes += change.Object.Json.Length;
        return new WatchLimits(Changes + missed.Length, Bytes + bytes);
    }
}
