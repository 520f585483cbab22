namespace Sam.Operator.Clients.GitHub;

/// <summary>
/// Spreads calls so that GitHub's secondary limit is never met: it counts 900 points a minute, a read is 1 and a write is 5. Some may come at once, the
/// rest follow at a steady pace.
/// </summary>
internal sealed class GitHubPace(TimeProvider timeProvider)
{
    /// <summary>Longest wait inside; who would wait longer comes back later instead.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Together less than 900 in any minute.
    private const double AtOnce = 400;
    private const double PerSecond = 8;

    private readonly Lock _lock = new();
    private double _points = AtOnce;
    private DateTimeOffset _filledAt = timeProvider.GetUtcNow();

    /// <summary>Takes points; how long to wait for them, or null if that is too long.</summary>
    /// <param name="points">What the call costs.</param>
    /// <param name="isLast">It waits for nobody: others do for it.</param>
    public TimeSpan? Take(int points, bool isLast)
    {
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            _points = Math.Min(AtOnce, _points + ((now - _filledAt).TotalSeconds * PerSecond));
            _filledAt = now;
            if (isLast)
            {
                _points = Math.Max(_points - points, -AtOnce);
                return TimeSpan.Zero;
            }
            var wait = TimeSpan.FromSeconds(Math.Max(0, points - _points) / PerSecond);
            if (wait > LongestWait)
                return null;
            _points -= points;
            return wait;
        }
    }
}
