using System.Collections.Immutable;

namespace Sam.Compose.Model;

/// <summary>Names and addresses a container knows; null where the file says nothing.</summary>
public sealed record Addressing
{
    public string? Hostname { get; init; }

    public string? DomainName { get; init; }

    public ImmutableArray<string>? Dns { get; init; }

    public ImmutableArray<string>? DnsOptions { get; init; }

    public ImmutableArray<string>? DnsSearch { get; init; }

    /// <summary>Lines for /etc/hosts as `name=address`, sorted.</summary>
    public ImmutableArray<string>? ExtraHosts { get; init; }
}
