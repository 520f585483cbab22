namespace Sam.Operator.Clients.Hetzner.Wire;

// What the client sends. Null members are left out.
internal sealed record CreateServerBody(
    string Name,
    string ServerType,
    string Location,
    string Image,
    bool StartAfterCreate,
    IReadOnlyDictionary<string, string> Labels,
    string? UserData,
    IReadOnlyList<string>? SshKeys,
    IReadOnlyList<long>? Volumes,
    IReadOnlyList<long>? Networks,
    IReadOnlyList<FirewallBody>? Firewalls,
    long? PlacementGroup,
    PublicNetBody? PublicNet
);

internal sealed record FirewallBody(long Firewall);

internal sealed record PublicNetBody(bool EnableIpv4, bool EnableIpv6, long? Ipv4);

internal sealed record CreateSshKeyBody(string Name, string PublicKey, IReadOnlyDictionary<string, string> Labels);
