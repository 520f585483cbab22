using System.Collections.Immutable;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>Firewalls and private networks (https://docs.hetzner.cloud/reference/cloud#firewalls).</summary>
public interface IHetznerNetworks
{
    /// <summary>Makes a firewall. A name that is taken is a <see cref="HetznerCodes.UniquenessError"/>: look it up and adopt on exact labels.</summary>
    Task<Firewall> CreateFirewallAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyList<FirewallRule> rules,
        CancellationToken cancellationToken
    );

    /// <summary>Lists the firewalls that match a label selector.</summary>
    Task<IReadOnlyList<Firewall>> ListFirewallsAsync(string labelSelector, CancellationToken cancellationToken);

    /// <summary>Replaces all rules of a firewall.</summary>
    Task SetFirewallRulesAsync(long id, IReadOnlyList<FirewallRule> rules, CancellationToken cancellationToken);

    /// <summary>Puts a server behind a firewall.</summary>
    Task ApplyFirewallAsync(long id, long serverId, CancellationToken cancellationToken);

    /// <summary>Removes a firewall; one that a server is behind is <see cref="DeleteOutcome.Locked"/>.</summary>
    Task<DeleteOutcome> DeleteFirewallAsync(long id, CancellationToken cancellationToken);

    /// <summary>Finds a private network by its name; null if there is none.</summary>
    Task<long?> FindNetworkAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A firewall.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, unique in the account.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Rules">What it lets in; all else is dropped.</param>
/// <param name="IsInUse">Something is behind it.</param>
public sealed record Firewall(
    long Id,
    string Name,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<FirewallRule> Rules,
    bool IsInUse
);

/// <summary>What a firewall lets in.</summary>
/// <param name="Protocol">tcp, udp or icmp.</param>
/// <param name="Port">A port; null for icmp.</param>
/// <param name="Sources">Networks in CIDR form, sorted.</param>
public sealed record FirewallRule(string Protocol, string? Port, ImmutableArray<string> Sources)
{
    /// <inheritdoc/>
    public bool Equals(FirewallRule? other) =>
        other is not null && Protocol == other.Protocol && Port == other.Port && Sources.SequenceEqual(other.Sources);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, Port, Sources.Length);
}
