namespace Sam.Testing.Simulations;

/// <summary>Virtual time as one process sees it.</summary>
internal sealed class VirtualClock(Scheduler scheduler, SimulatedProcess process) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        scheduler.AssertInside("the clock");
        return s_start.AddTicks(scheduler.Now);
    }

    public override long GetTimestamp()
    {
        scheduler.AssertInside("the clock");
        return scheduler.Now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        scheduler.AssertInside("a timer");
        var timer = new VirtualTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer on the queue of the scheduler; disposed from anywhere, as finalizers do.</summary>
internal sealed class VirtualTimer(Scheduler scheduler, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TimeSpan _period;
    private volatile bool _disposed;

    /// <summary>Counts changes: what was scheduled before the last one is void.</summary>
    public int Version { get; private set; }

    public bool IsDue(int version) => version == Version && !_disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        scheduler.AssertInside("a timer");
        if (_disposed)
            return false;
        Version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            scheduler.Timers.Add(this, scheduler.Now + Math.Max(0, dueTime.Ticks));
        return true;
    }

    /// <summary>Makes the callback ready; a change before its turn takes it back.</summary>
    public void Fire()
    {
        var version = Version;
        process.Enqueue(new Work(process, _ => Call(version), null));
    }

    public void Dispose() => _disposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Call(int version)
    {
        if (!IsDue(version))
            return;
        if (_period > TimeSpan.Zero)
            scheduler.Timers.Add(this, scheduler.Now + _period.Ticks);
        if (_context is null)
            callback(state);
        else
            ExecutionContext.Run(_context, _ => callback(state), null);
    }
}

/// <summary>Timers in the order of their moments.</summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long At, long Order)> _order = new();
    private long _added;

    public void Add(VirtualTimer timer, long at) => _order.Enqueue((timer, timer.Version), (at, _added++));

    /// <summary>The next moment at which a timer fires; null if none is armed.</summary>
    public long? Next()
    {
        while (_order.TryPeek(out var entry, out var due))
        {
            if (entry.Timer.IsDue(entry.Version))
                return due.At;
            _order.Dequeue();
        }

        return null;
    }

    /// <summary>Fires all that are due.</summary>
    public void Fire(long now)
    {
        while (Next() <= now)
            _order.Dequeue().Timer.Fire();
    }
}
