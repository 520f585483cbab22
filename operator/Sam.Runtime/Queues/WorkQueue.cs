namespace Sam.Runtime.Queues;

/// <summary>Which of two waiting keys goes first.</summary>
public enum QueuePriority
{
    /// <summary>Somebody changed something.</summary>
    Change,

    /// <summary>A look at everything, in case something was missed.</summary>
    Resync,
}

/// <summary>
/// Keys to work on. A key waits once, runs once at a time, and is never lost: added while it runs, it runs again after.
/// <code>
///   Add ----> waiting (change | resync) --Take--> running --Done--> gone, or waiting again if added meanwhile
///   AddAfter --> delayed --due--^
/// </code>
/// </summary>
/// <typeparam name="TKey">What names a piece of work.</typeparam>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // What a key that runs has been asked for meanwhile.
    private sealed record Running(long StartedAt)
    {
        public QueuePriority? Again { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly FairLane<TKey> _changes;
    private readonly FairLane<TKey> _resyncs;
    private readonly Dictionary<TKey, long> _waitingSince = [];
    private readonly Dictionary<TKey, Running> _running = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly DelayedKeys<TKey> _delayed;
    private readonly LinkedList<TaskCompletionSource<TKey>> _takers = [];
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly QueueMetrics.Series? _metrics;
    private bool _disposed;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="name">Its name in metrics.</param>
    /// <param name="groupOf">The group between which turns alternate, such as the namespace.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="random">The source of jitter.</param>
    /// <param name="backoff">The delays after failures.</param>
    /// <param name="metrics">Where to count, if anywhere.</param>
    public WorkQueue(
        string name,
        Func<TKey, string> groupOf,
        TimeProvider timeProvider,
        Random random,
        Backoff? backoff = null,
        QueueMetrics? metrics = null
    )
    {
        _changes = new FairLane<TKey>(groupOf);
        _resyncs = new FairLane<TKey>(groupOf);
        _timeProvider = timeProvider;
        _random = random;
        _backoff = backoff ?? Backoff.Standard;
        _metrics = metrics?.For(name);
        _metrics?.MeasureRunning(MeasureRunning);
        _delayed = new DelayedKeys<TKey>(timeProvider, ReleaseDue);
    }

    /// <summary>How many keys wait for their turn; delayed and running ones do not count.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
                return _waitingSince.Count;
        }
    }

    /// <summary>Asks for a key to be worked on as soon as possible.</summary>
    public void Add(TKey key, QueuePriority priority = QueuePriority.Change)
    {
        lock (_lock)
            AddLocked(key, priority);
    }

    /// <summary>Asks for a key to be worked on after a delay; of several delays the earliest wins.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (delay <= TimeSpan.Zero)
                AddLocked(key, QueuePriority.Change);
            else
                _delayed.Add(key, delay);
        }
    }

    /// <summary>Counts a failure and asks for the key again: after its back-off, or after <paramref name="delay"/> if the fault named one.</summary>
    public void Retry(TKey key, TimeSpan? delay = null)
    {
        lock (_lock)
        {
            var earlier = _failures.GetValueOrDefault(key);
            _failures[key] = earlier + 1;
            _metrics?.Retried();
            TimeSpan backoff;
            lock (_random)
                backoff = _backoff.Delay(earlier, _random);
            AddAfter(key, delay ?? backoff);
        }
    }

    /// <summary>Forgets earlier failures, after a success.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
            _failures.Remove(key);
    }

    /// <summary>Waits for the next key; whoever takes it calls <see cref="Done"/>.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var taker = new TaskCompletionSource<TKey>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (TryTakeLocked(out var key))
                return key;
            _takers.AddLast(taker);
        }

        using var leaves = cancellationToken.UnsafeRegister((_, token) => Leave(taker, token), null);
        return await taker.Task;
    }

    /// <summary>Takes the next key if one waits.</summary>
    public bool TryTake(out TKey key)
    {
        lock (_lock)
            return TryTakeLocked(out key);
    }

    /// <summary>Ends the work on a key; if it was asked for meanwhile, it waits again.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (!_running.Remove(key, out var running))
                return;
            _metrics?.Finished(_timeProvider.GetElapsedTime(running.StartedAt));
            if (running.Again is { } priority)
                Wait(key, priority);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _delayed.Dispose();
    }

    private void ReleaseDue()
    {
        lock (_lock)
        {
            foreach (var key in _delayed.TakeDue())
                AddLocked(key, QueuePriority.Change);
        }
    }

    private void AddLocked(TKey key, QueuePriority priority)
    {
        if (_running.TryGetValue(key, out var running))
        {
            if (running.Again is null)
                _metrics?.Added();
            running.Again = running.Again == QueuePriority.Change ? QueuePriority.Change : priority;
        }
        else if (!_waitingSince.ContainsKey(key))
        {
            _metrics?.Added();
            Wait(key, priority);
        }
        else if (priority == QueuePriority.Change && _resyncs.Remove(key))
        {
            _changes.Add(key);
        }
    }

    private void Wait(TKey key, QueuePriority priority)
    {
        // The timer may have fired before it was disposed and have waited for the lock: nobody takes work any more.
        if (_disposed)
            return;
        (priority == QueuePriority.Change ? _changes : _resyncs).Add(key);
        _waitingSince[key] = _timeProvider.GetTimestamp();
        _metrics?.Depth(_waitingSince.Count);
        if (_takers.First is not { } first || !TryTakeLocked(out var next))
            return;
        _takers.Remove(first);
        first.Value.SetResult(next);
    }

    // A key goes to a taker or the taker leaves, never both: under the lock a taker in the line has got nothing yet.
    private void Leave(TaskCompletionSource<TKey> taker, CancellationToken token)
    {
        lock (_lock)
        {
            if (_takers.Remove(taker))
                taker.SetCanceled(token);
        }
    }

    private bool TryTakeLocked(out TKey key)
    {
        if (!_changes.TryTake(out key) && !_resyncs.TryTake(out key))
            return false;
        _waitingSince.Remove(key, out var since);
        _running[key] = new Running(_timeProvider.GetTimestamp());
        _metrics?.Taken(_timeProvider.GetElapsedTime(since));
        _metrics?.Depth(_waitingSince.Count);
        return true;
    }

    private (TimeSpan Sum, TimeSpan Longest) MeasureRunning()
    {
        lock (_lock)
        {
            var times = _running.Values.Select(running => _timeProvider.GetElapsedTime(running.StartedAt)).ToList();
            return (TimeSpan.FromTicks(times.Sum(time => time.Ticks)), times.DefaultIfEmpty().Max());
        }
    }
}
