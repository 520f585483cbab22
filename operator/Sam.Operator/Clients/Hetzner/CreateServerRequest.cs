namespace Sam.Operator.Clients.Hetzner;

/// <summary>What to rent.</summary>
public sealed record CreateServerRequest
{
    /// <summary>Unique per Hetzner project, RFC 1123; derived from the machineId, it is the fence against a second actor.</summary>
    public required string Name { get; init; }
    public required string ServerType { get; init; }
    public required string Location { get; init; }
    public required string Image { get; init; }

    /// <summary>cloud-init user data, at most 32 KiB.</summary>
    public string? UserData { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Names or ids of stored keys; with none, Hetzner mails a root password.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];
    public IReadOnlyList<long> Volumes { get; init; } = [];
    public IReadOnlyList<long> Networks { get; init; } = [];
    public IReadOnlyList<long> Firewalls { get; init; } = [];
    public long? PlacementGroup { get; init; }

    /// <summary>A Primary IP that outlives the server; null lets the provider make one.</summary>
    public long? PrimaryIPv4 { get; init; }
    public bool EnableIPv4 { get; init; } = true;
    public bool EnableIPv6 { get; init; } = true;

    // User data carries the VM's TLS key: the generated ToString would print it.
    public override string ToString() => $"server {Name} ({ServerType} in {Location}, {Image})";
}
