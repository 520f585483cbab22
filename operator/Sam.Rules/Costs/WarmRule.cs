namespace Sam.Rules.Costs;

/// <summary>
/// How long a released server is kept: at least its idle timeout, and then to shortly before the hour ends that is paid already, since giving it back
/// sooner saves nothing.
/// </summary>
public static class WarmRule
{
    /// <summary>How long before the end of a paid hour it is given back: a delete takes its time, and a new hour is paid in full.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    /// <summary>When it is given back if nobody claims it.</summary>
    /// <param name="createdAt">When the provider made it; its hours count from here.</param>
    /// <param name="releasedAt">When its last user left.</param>
    /// <param name="idleTimeout">How long it is kept at least.</param>
    public static DateTimeOffset KeepUntil(DateTimeOffset createdAt, DateTimeOffset releasedAt, TimeSpan idleTimeout)
    {
        var least = releasedAt + (idleTimeout < TimeSpan.Zero ? TimeSpan.Zero : idleTimeout);
        var end = ServerCost.PaidUntil(createdAt, least) - Margin;
        // In the last minutes of an hour it goes at once: perhaps the next one is begun, to keep it would surely cost it.
        return end > least ? end : least;
    }
}
