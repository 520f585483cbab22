namespace Sam.Runtime.Queues;

/// <summary>Exponential back-off with jitter: never longer than its limit, and never an end.</summary>
/// <param name="First">The delay after the first failure.</param>
/// <param name="Limit">The longest delay.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Limit)
{
    /// <summary>One second, doubling to five minutes.</summary>
    public static Backoff Standard { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>The delay after so many failures before this one; up to a fifth shorter, so that many do not come back together.</summary>
    public TimeSpan Delay(int earlierFailures, Random random)
    {
        var full = Math.Min(Limit.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(earlierFailures, 40)));
        return TimeSpan.FromSeconds(full * (1 - (0.2 * random.NextDouble())));
    }
}
