namespace Sam.Operator.Registry.Tokens;

/// <summary>Counts what each name asked for in a sliding window. Only what is let through counts, and everything that is let through does.</summary>
internal sealed class MintLimiter(int most, TimeSpan window, TimeProvider timeProvider)
{
    private const int NamesBeforeSweep = 4096;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _asked = new(StringComparer.Ordinal);

    /// <summary>How many names are remembered.</summary>
    public int Names
    {
        get
        {
            lock (_lock)
                return _asked.Count;
        }
    }

    /// <summary>Counts one more; or, if the window is full, says when there is room again and counts nothing.</summary>
    public TimeSpan? Take(string name)
    {
        lock (_lock)
        {
            if (Wait(name) is { } wait)
                return wait;
            Recent(name).Enqueue(timeProvider.GetUtcNow());
            return null;
        }
    }

    /// <summary>When there is room, without counting; null if there is.</summary>
    public TimeSpan? Peek(string name)
    {
        lock (_lock)
            return Wait(name);
    }

    private TimeSpan? Wait(string name)
    {
        var now = timeProvider.GetUtcNow();
        if (_asked.Count > NamesBeforeSweep)
            Sweep(now);
        if (!_asked.TryGetValue(name, out var times))
            return null;
        Forget(times, now);
        return times.Count < most ? null : times.Peek() + window - now;
    }

    private Queue<DateTimeOffset> Recent(string name)
    {
        if (!_asked.TryGetValue(name, out var times))
            _asked[name] = times = new Queue<DateTimeOffset>();
        return times;
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (name, times) in _asked.ToList())
        {
            Forget(times, now);
            if (times.Count == 0)
                _asked.Remove(name);
        }
    }

    private void Forget(Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out var first) && first + window <= now)
            times.Dequeue();
    }
}
