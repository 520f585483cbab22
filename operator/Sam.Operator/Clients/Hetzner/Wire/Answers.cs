using System.Text.Json.Serialization;

namespace Sam.Operator.Clients.Hetzner.Wire;

// What the API answers, field by field as documented; only what SAM reads. `required` makes a missing field a wrong shape.
internal interface IPage<TItem>
{
    IReadOnlyList<TItem> Items { get; }
    WireMeta Meta { get; }
}

internal sealed record WireMeta(WirePagination Pagination);

internal sealed record WirePagination(int Page, int? NextPage);

internal sealed record ServersPage([property: JsonPropertyName("servers")] IReadOnlyList<WireServer> Items, WireMeta Meta)
    : IPage<WireServer>;

internal sealed record ServerTypesPage(
    [property: JsonPropertyName("server_types")] IReadOnlyList<WireServerType> Items,
    WireMeta Meta
) : IPage<WireServerType>;

internal sealed record LocationsPage([property: JsonPropertyName("locations")] IReadOnlyList<WireLocation> Items, WireMeta Meta)
    : IPage<WireLocation>;

internal sealed record ImagesPage([property: JsonPropertyName("images")] IReadOnlyList<WireImage> Items, WireMeta Meta)
    : IPage<WireImage>;

internal sealed record SshKeysPage([property: JsonPropertyName("ssh_keys")] IReadOnlyList<WireSshKey> Items, WireMeta Meta)
    : IPage<WireSshKey>;

internal sealed record PricingAnswer(WirePricing Pricing);

internal sealed record WirePricing(IReadOnlyList<WireAddressPrices> PrimaryIps);

internal sealed record WireAddressPrices(string Type, IReadOnlyList<WirePrice> Prices);

internal sealed record ServerAnswer(WireServer Server);

internal sealed record CreateServerAnswer(WireServer Server, WireAction Action);

internal sealed record ActionAnswer(WireAction Action);

internal sealed record OptionalActionAnswer(WireAction? Action = null);

internal sealed record SshKeyAnswer(WireSshKey SshKey);

internal sealed record WireServer(
    long Id,
    string Name,
    string Status,
    DateTimeOffset Created,
    WirePublicNet PublicNet,
    WireNamed ServerType,
    WireNamed Location,
    WireImageRef? Image,
    bool Locked,
    WireProtection Protection,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<long>? Volumes = null,
    IReadOnlyList<WirePrivateNet>? PrivateNet = null
);

internal sealed record WirePrivateNet(string? Ip = null);

internal sealed record WirePublicNet(WireAddress? Ipv4, WireAddress? Ipv6, IReadOnlyList<WireFirewallRef>? Firewalls = null);

internal sealed record WireAddress(string Ip, long? Id = null);

internal sealed record WireFirewallRef(long? Id = null);

internal sealed record WireNamed(string Name);

internal sealed record WireImageRef(long Id, string? Name);

internal sealed record WireProtection(bool Delete);

internal sealed record WireAction(
    long Id,
    string Command,
    string Status,
    int Progress,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    WireActionError? Error
);

internal sealed record WireActionError(string Code, string Message);

internal sealed record WireServerType(
    long Id,
    string Name,
    string Description,
    decimal Cores,
    decimal Memory,
    decimal Disk,
    string Architecture,
    string CpuType,
    IReadOnlyList<WirePrice> Prices,
    IReadOnlyList<WireTypeLocation>? Locations = null,
    WireDeprecation? Deprecation = null
);

internal sealed record WirePrice(string Location, WireAmount PriceHourly, WireAmount PriceMonthly);

// Decimals travel as strings with more digits than money has: "0.0074000000000000".
internal sealed record WireAmount(
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal Net,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal Gross
);

internal sealed record WireTypeLocation(string Name, bool Available, bool Recommended, WireDeprecation? Deprecation);

internal sealed record WireDeprecation(DateTimeOffset Announced, DateTimeOffset UnavailableAfter);

internal sealed record WireLocation(long Id, string Name, string Description, string Country, string City, string NetworkZone);

internal sealed record WireImage(
    long Id,
    string? Name,
    string Description,
    string Architecture,
    string Type,
    string Status,
    DateTimeOffset? Deprecated
);

internal sealed record WireSshKey(
    long Id,
    string Name,
    string Fingerprint,
    string PublicKey,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels
);

internal sealed record ErrorAnswer(WireError? Error = null);

internal sealed record WireError(string? Code = null, string? Message = null, WireErrorDetails? Details = null);

internal sealed record WireErrorDetails(IReadOnlyList<WireErrorField>? Fields = null);

internal sealed record WireErrorField(string? Name = null, IReadOnlyList<string>? Messages = null);
