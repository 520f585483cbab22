namespace Sam.Operator.Clients.GitHub;

/// <summary>
/// Tells an outage from a stumble: after several faults in a row and nothing good between, one call at a time finds out whether GitHub is back, so
/// that a thousand Projects do not ask a thousand times.
/// </summary>
internal sealed class GitHubOutage(TimeProvider timeProvider, Random random)
{
    private const int Patience = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private int _faults;
    private DateTimeOffset _nextProbe;

    /// <summary>Lets a call through, or says when to come back.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            if (_faults < Patience)
                return;
            var now = timeProvider.GetUtcNow();
            if (now >= _nextProbe)
            {
                // This call is the probe; the others wait for what it finds, or for the next one.
                _nextProbe = now + Pause();
                return;
            }
            var back = _nextProbe + TimeSpan.FromSeconds(Spread() * 10);
            throw new GitHubException(
                GitHubErrorKind.Transient,
                "GitHub does not answer as it should; one call at a time finds out"
            )
            {
                RetryAt = back,
                RetryAfter = back - now,
            };
        }
    }

    /// <summary>GitHub answered, whatever it said.</summary>
    public void Answered()
    {
        lock (_lock)
            _faults = 0;
    }

    /// <summary>GitHub did not answer, or with a 5xx.</summary>
    public void Failed()
    {
        lock (_lock)
        {
            if (++_faults >= Patience)
                _nextProbe = timeProvider.GetUtcNow() + Pause();
        }
    }

    private TimeSpan Pause()
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(_faults - Patience, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    // The source of chance is shared, and not made for several at once.
    private double Spread()
    {
        lock (random)
            return random.NextDouble();
    }
}
