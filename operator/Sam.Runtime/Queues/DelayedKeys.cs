namespace Sam.Runtime.Queues;

/// <summary>Keys that wait for a moment; guarded by the queue's lock, woken by one timer.</summary>
internal sealed class DelayedKeys<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Dictionary<TKey, DateTimeOffset> _due = [];
    private readonly PriorityQueue<TKey, DateTimeOffset> _order = new();
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;

    public DelayedKeys(TimeProvider timeProvider, Action due)
    {
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Remembers a key; an earlier moment replaces a later one.</summary>
    public void Add(TKey key, TimeSpan delay)
    {
        var at = _timeProvider.GetUtcNow() + delay;
        if (_due.TryGetValue(key, out var known) && known <= at)
            return;
        _due[key] = at;
        _order.Enqueue(key, at);
        Arm();
    }

    /// <summary>The keys whose moment has come.</summary>
    public List<TKey> TakeDue()
    {
        var due = new List<TKey>();
        var now = _timeProvider.GetUtcNow();
        while (_order.TryPeek(out var key, out var at) && (at <= now || IsStale(key, at)))
        {
            _order.Dequeue();
            if (IsStale(key, at))
                continue;
            _due.Remove(key);
            due.Add(key);
        }

        Arm();
        return due;
    }

    public void Dispose() => _timer.Dispose();

    private bool IsStale(TKey key, DateTimeOffset at) => !_due.TryGetValue(key, out var known) || known != at;

    private void Arm()
    {
        if (!_order.TryPeek(out _, out var first))
            return;
        // Timers count whole milliseconds: rounded up, or it would fire early and again.
        var wait = Math.Max(0, Math.Ceiling((first - _timeProvider.GetUtcNow()).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}
