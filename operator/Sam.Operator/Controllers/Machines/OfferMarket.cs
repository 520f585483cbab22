using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Rules.Costs;
using Sam.Rules.Offers;

namespace Sam.Operator.Controllers.Machines;

/// <summary>What all Machines of one token share: prices, and offers that were refused lately. Memory only: losing it costs a call, not money.</summary>
internal sealed class OfferMarket(IHetznerClients clients, TimeProvider timeProvider)
{
    private static readonly TimeSpan PriceAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRefusal = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan QuotaCoolDown = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<HetznerToken, Stall> _stalls = new();

    /// <summary>Every offer that is sold, with its tariff and architecture.</summary>
    public async Task<IReadOnlyDictionary<Offer, Sold>> SoldAsync(HetznerToken token, CancellationToken cancellationToken)
    {
        return await StallOf(token).Sold.GetAsync(PriceAge, () => AskAsync(token), cancellationToken);
    }

    private async Task<IReadOnlyDictionary<Offer, Sold>> AskAsync(HetznerToken token)
    {
        var types = await clients.For(token).ListServerTypesAsync(CancellationToken.None);
        var addresses = (await clients.For(token).ListIpv4PricesAsync(CancellationToken.None)).ToDictionary(price =>
            price.Location
        );
        return types
            .SelectMany(type => type.Prices.Where(price => IsSold(type, price.Location)).Select(price => (type, price)))
            .ToImmutableDictionary(
                entry => new Offer(entry.type.Name, entry.price.Location),
                entry => new Sold(TariffOf(entry.price, addresses), entry.type.Architecture)
            );
    }

    /// <summary>
    /// Priced there, and not past its end there. Whether it can be had this minute the provider's flag does not predict: only a create tells.
    /// </summary>
    private bool IsSold(ServerType type, string location)
    {
        var now = timeProvider.GetUtcNow();
        var place = type.Locations.FirstOrDefault(place => place.Name == location);
        return (type.Locations.Count == 0 || place is not null)
            && !(type.Deprecation?.UnavailableAfter <= now)
            && !(place?.Deprecation?.UnavailableAfter <= now);
    }

    /// <summary>Offers of this token that are not asked for now, and until when.</summary>
    public IReadOnlyDictionary<Offer, DateTimeOffset> Refusals(HetznerToken token) =>
        StallOf(token).Refusals.ToDictionary(entry => entry.Key, entry => entry.Value.Until);

    /// <summary>Remembers a refusal: 60 s, doubling to 15 min.</summary>
    public void Refuse(HetznerToken token, Offer offer) =>
        StallOf(token)
            .Refusals.AddOrUpdate(
                offer,
                _ => (FirstRefusal, timeProvider.GetUtcNow() + FirstRefusal),
                (_, last) =>
                {
                    var pause = last.Pause * 2 < LongestRefusal ? last.Pause * 2 : LongestRefusal;
                    return (pause, timeProvider.GetUtcNow() + pause);
                }
            );

    /// <summary>A purchase clears what was held against the offer, and the account's cool-down.</summary>
    public void Bought(HetznerToken token, Offer offer)
    {
        var stall = StallOf(token);
        stall.Refusals.TryRemove(offer, out _);
        stall.QuotaUntil = default;
    }

    /// <summary>The account is at its limit: every waiter of the token pauses.</summary>
    public void QuotaReached(HetznerToken token) => StallOf(token).QuotaUntil = timeProvider.GetUtcNow() + QuotaCoolDown;

    /// <summary>How long the account's cool-down goes on; null if there is none.</summary>
    public TimeSpan? QuotaPause(HetznerToken token) =>
        StallOf(token).QuotaUntil - timeProvider.GetUtcNow() is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>Something was given back: the account's limit is not reached any more.</summary>
    public void Released(HetznerToken token) => StallOf(token).QuotaUntil = default;

    /// <summary>How many of this token's creates are on their way.</summary>
    public OrderWindow WindowOf(HetznerToken token) => StallOf(token).Window;

    private static Tariff TariffOf(ServerTypePrice price, Dictionary<string, AddressPrice> addresses)
    {
        var address = addresses.GetValueOrDefault(price.Location);
        return new Tariff(price.HourlyGross, price.MonthlyGross, address?.HourlyGross ?? 0, address?.MonthlyGross ?? 0);
    }

    private Stall StallOf(HetznerToken token) => _stalls.GetOrAdd(token, _ => new Stall(timeProvider));

    private sealed class Stall(TimeProvider timeProvider)
    {
        public ConcurrentDictionary<Offer, (TimeSpan Pause, DateTimeOffset Until)> Refusals { get; } = new();
        public SharedAnswer<IReadOnlyDictionary<Offer, Sold>> Sold { get; } = new(timeProvider);
        public OrderWindow Window { get; } = new();
        public DateTimeOffset QuotaUntil { get; set; }
    }
}

/// <summary>An offer that is sold.</summary>
/// <param name="Tariff">What it costs.</param>
/// <param name="Architecture">Its processors.</param>
internal sealed record Sold(Tariff Tariff, CpuArchitecture Architecture);
