namespace Sam.Rules.Offers;

/// <summary>Which offers a VM may be bought from, in order. Explicit wishes are never replaced.</summary>
public static class OfferOrder
{
    /// <summary>Locations that are tried where nobody named any.</summary>
    public static readonly IReadOnlyList<string> DefaultLocations = ["fsn1", "nbg1", "hel1"];

    private static readonly IReadOnlyDictionary<string, (string X86, string Arm)> types = new Dictionary<
        string,
        (string X86, string Arm)
    >(StringComparer.Ordinal)
    {
        ["Small"] = ("cx23", "cax11"),
        ["Medium"] = ("cx33", "cax21"),
        ["Large"] = ("cx43", "cax31"),
    };

    /// <summary>The server type of a size, with shared cores.</summary>
    /// <param name="size">Small, Medium or Large.</param>
    /// <param name="isArm">64-bit Arm instead of x86.</param>
    public static string TypeOf(string size, bool isArm) => isArm ? types[size].Arm : types[size].X86;

    /// <summary>Whether a server type is 64-bit Arm: Hetzner's names of those begin with cax.</summary>
    public static bool IsArm(string serverType) => serverType.StartsWith("cax", StringComparison.Ordinal);

    /// <summary>Whether a server type is one that a size may mean.</summary>
    public static bool Means(string size, string serverType) =>
        types.TryGetValue(size, out var both) && (both.X86 == serverType || both.Arm == serverType);

    /// <summary>A server type in each location, in order.</summary>
    /// <param name="serverType">The type.</param>
    /// <param name="locations">Locations in order; the default ones if empty.</param>
    public static IReadOnlyList<Offer> Expand(string serverType, IReadOnlyList<string> locations) =>
        [.. (locations.Count == 0 ? DefaultLocations : locations).Distinct().Select(location => new Offer(serverType, location))];

    /// <summary>The first offer that is sold, below the price limit and not refused; or why there is none.</summary>
    /// <param name="offers">Offers in order.</param>
    /// <param name="prices">Gross hourly price per offer; an offer that is missing here is not sold.</param>
    /// <param name="maxHourlyPrice">Price limit in EUR, or null.</param>
    /// <param name="refusedUntil">Offers that were refused, and until when they are not asked again.</param>
    /// <param name="now">Now.</param>
    public static OfferChoice Choose(
        IReadOnlyList<Offer> offers,
        IReadOnlyDictionary<Offer, decimal> prices,
        decimal? maxHourlyPrice,
        IReadOnlyDictionary<Offer, DateTimeOffset> refusedUntil,
        DateTimeOffset now
    )
    {
        var sold = offers.Where(prices.ContainsKey).ToList();
        if (sold.Count == 0)
            return new OfferChoice.None($"the provider sells none of {string.Join(", ", offers)}");
        var affordable = sold.Where(offer => maxHourlyPrice is not { } limit || prices[offer] <= limit).ToList();
        if (affordable.Count == 0)
            return new OfferChoice.None(
                $"every offer costs more than {maxHourlyPrice} EUR an hour; the cheapest is {sold.Min(o => prices[o])}"
            );
        if (affordable.FirstOrDefault(offer => !refusedUntil.TryGetValue(offer, out var until) || until <= now) is { } next)
            return new OfferChoice.Buy(next, prices[next]);
        return new OfferChoice.Wait(affordable.Min(offer => refusedUntil[offer]) - now);
    }
}

/// <summary>Something that can be bought.</summary>
/// <param name="ServerType">Server type.</param>
/// <param name="Location">Location.</param>
public sealed record Offer(string ServerType, string Location)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ServerType}/{Location}";
}

/// <summary>What to do about offers now.</summary>
public abstract record OfferChoice
{
    private OfferChoice() { }

    /// <summary>Buy this one.</summary>
    public sealed record Buy(Offer Offer, decimal HourlyPrice) : OfferChoice;

    /// <summary>All were refused lately; ask again then.</summary>
    public sealed record Wait(TimeSpan After) : OfferChoice;

    /// <summary>None can ever be bought as asked.</summary>
    public sealed record None(string Why) : OfferChoice;
}
