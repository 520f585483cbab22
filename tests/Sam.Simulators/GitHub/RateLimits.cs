namespace Sam.Simulators.GitHub;

/// <summary>What every caller has left: requests of the hour, points of the minute.</summary>
internal sealed class RateLimits(GitHubWorld world)
{
    private readonly Dictionary<string, Hour> _hours = [];
    private readonly Dictionary<string, Minute> _minutes = [];

    /// <summary>The caller's hour, a new one if the last is over.</summary>
    public Hour Of(Caller caller)
    {
        if (!_hours.TryGetValue(caller.LimitKey, out var hour) || hour.Reset <= world.Now)
        {
            _hours[caller.LimitKey] = hour = new Hour(caller.Limit, world.Now.AddHours(1));
        }
        return hour;
    }

    /// <summary>Spends the points of one call; the time to stay away if there are too few.</summary>
    public TimeSpan? SpendPoints(Caller caller, string method)
    {
        if (world.Options.PointsPerMinute is not { } most)
        {
            return null;
        }
        if (!_minutes.TryGetValue(caller.LimitKey, out var minute) || minute.Reset <= world.Now)
        {
            _minutes[caller.LimitKey] = minute = new Minute(world.Now.AddMinutes(1));
        }
        var points = method is "GET" or "HEAD" or "OPTIONS" ? 1 : 5;
        if (minute.Used + points > most)
        {
            return minute.Reset - world.Now;
        }
        minute.Used += points;
        return null;
    }

    internal sealed class Hour(int limit, DateTimeOffset reset)
    {
        public int Limit { get; } = limit;
        public DateTimeOffset Reset { get; } = reset;
        public int Used { get; set; }
        public int Remaining => Math.Max(0, Limit - Used);
    }

    private sealed class Minute(DateTimeOffset reset)
    {
        public DateTimeOffset Reset { get; } = reset;
        public int Used { get; set; }
    }
}
