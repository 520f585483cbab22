using System.Text.Json.Serialization;

namespace Sam.Operator.Clients.Hetzner.Wire;

// What the API answers of volumes, addresses, firewalls, networks; only what SAM reads.
internal sealed record VolumesPage([property: JsonPropertyName("volumes")] IReadOnlyList<WireVolume> Items, WireMeta Meta)
    : IPage<WireVolume>;

internal sealed record PrimaryIpsPage(
    [property: JsonPropertyName("primary_ips")] IReadOnlyList<WirePrimaryIp> Items,
    WireMeta Meta
) : IPage<WirePrimaryIp>;

internal sealed record FirewallsPage([property: JsonPropertyName("firewalls")] IReadOnlyList<WireFirewall> Items, WireMeta Meta)
    : IPage<WireFirewall>;

internal sealed record NetworksPage([property: JsonPropertyName("networks")] IReadOnlyList<WireNetwork> Items, WireMeta Meta)
    : IPage<WireNetwork>;

internal sealed record VolumeAnswer(WireVolume Volume);

internal sealed record PrimaryIpAnswer(WirePrimaryIp PrimaryIp);

internal sealed record FirewallAnswer(WireFirewall Firewall);

internal sealed record WireVolume(
    long Id,
    string Name,
    decimal Size,
    WireNamed Location,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels,
    WireProtection Protection,
    long? Server = null
);

internal sealed record WirePrimaryIp(
    long Id,
    string Name,
    string Ip,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels,
    WireProtection Protection,
    long? AssigneeId = null
);

internal sealed record WireFirewall(
    long Id,
    string Name,
    DateTimeOffset Created,
    IReadOnlyList<WireRule> Rules,
    IReadOnlyList<WireApplied> AppliedTo,
    IReadOnlyDictionary<string, string>? Labels = null
);

internal sealed record WireApplied(string Type);

internal sealed record WireRule(string Direction, string Protocol, IReadOnlyList<string> SourceIps, string? Port = null);

internal sealed record WireNetwork(long Id, string Name);

// What the client sends of them.
internal sealed record CreateVolumeBody(
    string Name,
    int Size,
    long Server,
    bool Automount,
    IReadOnlyDictionary<string, string> Labels
);

internal sealed record ResizeBody(int Size);

internal sealed record AttachBody(long Server, bool Automount);

internal sealed record LabelsBody(IReadOnlyDictionary<string, string> Labels);

internal sealed record NameBody(string Name, IReadOnlyDictionary<string, string> Labels);

internal sealed record AssignBody(long AssigneeId, string AssigneeType);

internal sealed record KeepAddressBody(string Name, bool AutoDelete, IReadOnlyDictionary<string, string> Labels);

internal sealed record CreateFirewallBody(string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<RuleBody> Rules);

internal sealed record RulesBody(IReadOnlyList<RuleBody> Rules);

internal sealed record RuleBody(string Direction, string Protocol, string? Port, IReadOnlyList<string> SourceIps);

internal sealed record ApplyBody(IReadOnlyList<AppliedBody> ApplyTo);

internal sealed record AppliedBody(string Type, IdBody Server);

internal sealed record IdBody(long Id);
