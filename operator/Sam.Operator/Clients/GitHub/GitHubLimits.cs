using System.Globalization;

namespace Sam.Operator.Clients.GitHub;

/// <summary>Reads the headers that speak of limits.</summary>
internal static class GitHubLimits
{
    private const long LastUnixSecond = 253_402_300_799;

    public static GitHubLimitHeaders Read(HttpResponseMessage response, GitHubClock clock)
    {
        var reset = Number(response, "x-ratelimit-reset") is { } seconds and >= 0 and <= LastUnixSecond
            ? clock.ToOurs(DateTimeOffset.FromUnixTimeSeconds(seconds))
            : (DateTimeOffset?)null;
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => clock.Ours + delta,
            { Date: { } date } => clock.ToOurs(date),
            _ => (DateTimeOffset?)null,
        };
        return new GitHubLimitHeaders(
            Count(response, "x-ratelimit-limit"),
            Count(response, "x-ratelimit-remaining"),
            reset,
            after
        );
    }

    private static int? Count(HttpResponseMessage response, string header) =>
        Number(response, header) is { } number and >= 0 and <= int.MaxValue ? (int)number : null;

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
