namespace Sam.Operator.Clients.Hetzner;

/// <summary>One token's request budget as its answers told it; unknown until the first one.</summary>
public sealed class HetznerBudget
{
    private readonly Lock _lock = new();
    private volatile Reading? _last;

    /// <summary>The last reading; null before the first answer.</summary>
    public Reading? Last => _last;

    /// <summary>Records what an answer said.</summary>
    /// <param name="reading">What it said, and when it came.</param>
    /// <param name="sentAt">When its request was sent.</param>
    public void Report(Reading reading, DateTimeOffset sentAt)
    {
        lock (_lock)
        {
            // Answers overtake each other: one that was on its way when a later one came must not give back what that one had counted.
            if (_last is { } last && last.At >= sentAt)
            {
                var at = reading.At > last.At ? reading.At : last.At;
                reading = reading with { Remaining = Math.Min(reading.Remaining, last.RemainingAt(at)), At = at };
            }
            _last = reading;
        }
    }

    /// <summary>One answer's word: the hourly limit, what is left of it, when it will be whole again, and when that was said.</summary>
    public sealed record Reading(int Limit, int Remaining, DateTimeOffset ResetAt, DateTimeOffset At)
    {
        /// <summary>What will be left at a later moment if nobody spends: the budget refills evenly over an hour.</summary>
        public int RemainingAt(DateTimeOffset when) =>
            when <= At ? Remaining : (int)Math.Min(Limit, Remaining + ((when - At).TotalHours * Limit));
    }
}
