namespace Sam.Operator.Clients.Hetzner;

/// <summary>One token's request budget as its answers told it; unknown until the first one.</summary>
public sealed class HetznerBudget
{
    private volatile Reading? _last;

    /// <summary>The last reading; null before the first answer.</summary>
    public Reading? Last => _last;

    /// <summary>Records what an answer said; fakes call it too.</summary>
    public void Report(Reading reading)
    {
        // Answers overtake each other; the older observation must not undo the newer one.
        if (_last is { } last && reading.At < last.At)
        {
            return;
        }
        _last = reading;
    }

    /// <summary>One answer's word: the hourly limit, what is left of it, when it will be whole again, and when that was said.</summary>
    public sealed record Reading(int Limit, int Remaining, DateTimeOffset ResetAt, DateTimeOffset At)
    {
        /// <summary>What will be left at a later moment if nobody spends: the budget refills evenly over an hour.</summary>
        public int RemainingAt(DateTimeOffset when) =>
            when <= At ? Remaining : (int)Math.Min(Limit, Remaining + ((when - At).TotalHours * Limit));
    }
}
