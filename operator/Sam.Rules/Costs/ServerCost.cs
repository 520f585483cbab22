namespace Sam.Rules.Costs;

/// <summary>
/// What a server has cost so far. Hours are paid when they start, a calendar month (UTC) never costs more than the monthly price, and the IPv4
/// address is paid beside the server by the same rules (https://docs.hetzner.com/cloud/billing/faq).
/// </summary>
public static class ServerCost
{
    /// <summary>Cost in EUR, gross, from the creation to a moment.</summary>
    /// <param name="tariff">Prices that it was bought at.</param>
    /// <param name="createdAt">When the provider made it.</param>
    /// <param name="until">Now, or when it was deleted.</param>
    public static decimal Accrued(Tariff tariff, DateTimeOffset createdAt, DateTimeOffset until)
    {
        var total = 0m;
        var (start, counted) = (createdAt.ToUniversalTime(), 0L);
        var started = StartedHours(start, until);
        for (var month = FirstOf(start); counted < started; month = month.AddMonths(1))
        {
            // An hour belongs to the month in which it starts.
            var next = month.AddMonths(1);
            var upTo = until < next ? started : Math.Min(started, StartedHours(start, next));
            var hours = upTo - counted;
            total += Math.Min(hours * tariff.Hourly, tariff.Monthly) + Math.Min(hours * tariff.Ipv4Hourly, tariff.Ipv4Monthly);
            counted = upTo;
        }

        return total;
    }

    /// <summary>When the hour ends that is paid already; whoever gives a server back does so shortly before.</summary>
    /// <param name="createdAt">When the provider made it.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset PaidUntil(DateTimeOffset createdAt, DateTimeOffset now) =>
        createdAt + TimeSpan.FromHours(Math.Max(1, StartedHours(createdAt, now)));

    private static long StartedHours(DateTimeOffset start, DateTimeOffset until) =>
        until <= start ? 0 : (long)Math.Ceiling((until - start).TotalHours);

    private static DateTimeOffset FirstOf(DateTimeOffset moment) => new(moment.Year, moment.Month, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>Gross prices in EUR that a server was bought at.</summary>
/// <param name="Hourly">The server, a started hour.</param>
/// <param name="Monthly">The server, a calendar month at most.</param>
/// <param name="Ipv4Hourly">Its IPv4 address, a started hour.</param>
/// <param name="Ipv4Monthly">Its IPv4 address, a calendar month at most.</param>
public sealed record Tariff(decimal Hourly, decimal Monthly, decimal Ipv4Hourly, decimal Ipv4Monthly);
