using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sam.Operator.Clients.Hetzner;
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

    /// <summary>The tariff of every offer that is sold.</summary>
    public async Task<IReadOnlyDictionary<Offer, Tariff>> TariffsAsync(HetznerToken token, CancellationToken cancellationToken)
    {
        var stall = StallOf(token);
        if (stall.Tariffs is { } known && timeProvider.GetUtcNow() - stall.PricedAt < PriceAge)
            return known;
        var types = await clients.For(token).ListServerTypesAsync(cancellationToken);
        var addresses = (await clients.For(token).ListIpv4PricesAsync(cancellationToken)).ToDictionary(price => price.Location);
        var tariffs = types
            .SelectMany(type => type.Prices.Select(price => (Offer: new Offer(type.Name, price.Location), Price: price)))
            .ToImmutableDictionary(entry => entry.Offer, entry => TariffOf(entry.Price, addresses));
        (stall.Tariffs, stall.PricedAt) = (tariffs, timeProvider.GetUtcNow());
        return tariffs;
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

    private static Tariff TariffOf(ServerTypePrice price, Dictionary<string, AddressPrice> addresses)
    {
        var address = addresses.GetValueOrDefault(price.Location);
        return new Tariff(price.HourlyGross, price.MonthlyGross, address?.HourlyGross ?? 0, address?.MonthlyGross ?? 0);
    }

    private Stall StallOf(HetznerToken token) => _stalls.GetOrAdd(token, _ => new Stall());

    private sealed class Stall
    {
        public ConcurrentDictionary<Offer, (TimeSpan Pause, DateTimeOffset Until)> Refusals { get; } = new();
        public IReadOnlyDictionary<Offer, Tariff>? Tariffs { get; set; }
        public DateTimeOffset PricedAt { get; set; }
        public DateTimeOffset QuotaUntil { get; set; }
    }
}
