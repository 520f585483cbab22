using System.Globalization;

namespace Sam.Simulators.Hetzner;

/// <summary>The hourly budget: spent, told in the headers, refused with 429 when it is used up.</summary>
internal static class RateHeaders
{
    /// <summary>The refusal; null if the call may go on.</summary>
    public static Answer? Limited(HttpContext context, HetznerProject project, Func<string, HetznerFault?> struck)
    {
        var bare = struck(HetznerFaults.RateLimitedBare) is not null;
        var retry = struck(HetznerFaults.RetryAfter);
        var allowed = project.Spend(out var remaining, out var reset) && !bare && retry is null;
        if (struck(HetznerFaults.RateLimited) is not null)
            (allowed, remaining) = (false, 0);
        if (struck(HetznerFaults.LyingRateHeaders) is not null)
            remaining = project.RateLimit;
        if (retry is not null)
            context.Response.Headers.RetryAfter = $"{(retry.Delay ?? TimeSpan.FromMinutes(1)).TotalSeconds:0}";
        else if (!bare && struck(HetznerFaults.NoRateHeaders) is null)
            Tell(context.Response.Headers, project.RateLimit, remaining, reset);
        return allowed ? null : Answer.Error(429, "rate_limit_exceeded", "limit of requests per hour reached");
    }

    private static void Tell(IHeaderDictionary headers, int limit, int remaining, DateTimeOffset reset)
    {
        headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }
}
