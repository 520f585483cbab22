namespace Sam.Runtime.Steps;

/// <summary>
/// How often an object's status may be written for the wording of its conditions alone. Two reasons that alternate with every poll would
/// else write with every poll, for ever: the first few are shown at once, then one a minute.
/// </summary>
internal sealed class WordingBudget(TimeProvider timeProvider)
{
    private const int Burst = 8;
    private const int Limit = 10_000;
    private static readonly TimeSpan s_refill = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // When each object's budget will be whole again; who has it whole is not kept.
    private readonly Dictionary<string, DateTimeOffset> _wholeAt = [];

    /// <summary>Spends one write; if none is left, says when one will be.</summary>
    public TimeSpan? Spend(string uid)
    {
        var now = timeProvider.GetUtcNow();
        lock (_lock)
        {
            var wholeAt = _wholeAt.TryGetValue(uid, out var known) && known > now ? known : now;
            var wait = wholeAt + s_refill - now - (Burst * s_refill);
            if (wait > TimeSpan.Zero)
                return wait;
            if (_wholeAt.Count >= Limit)
                Forget(now);
            _wholeAt[uid] = wholeAt + s_refill;
            return null;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (uid, _) in _wholeAt.Where(pair => pair.Value <= now).ToList())
            _wholeAt.Remove(uid);
        // Ten thousand objects that all flap: better some writes too many than a list without end.
        if (_wholeAt.Count >= Limit)
            _wholeAt.Clear();
    }
}
