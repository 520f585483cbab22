using System.Collections.Immutable;

namespace Sam.Operator.Clients.Hetzner.Wire;

/// <summary>Volumes, addresses and firewalls, from the provider's words to ours and back.</summary>
internal static class ThingMapping
{
    private static readonly IReadOnlyDictionary<string, string> none = ImmutableDictionary<string, string>.Empty;

    public static Volume ToVolume(this WireVolume wire) =>
        new(
            wire.Id,
            wire.Name,
            (int)wire.Size,
            wire.Location.Name,
            wire.Server,
            wire.Created,
            wire.Labels,
            wire.Protection.Delete
        );

    public static PrimaryIp ToPrimaryIp(this WirePrimaryIp wire) =>
        new(wire.Id, wire.Name, wire.Ip, wire.AssigneeId, wire.Created, wire.Labels, wire.Protection.Delete);

    // Rules for what goes out are not ours: whoever made some has them taken off with the next change.
    public static Firewall ToFirewall(this WireFirewall wire) =>
        new(wire.Id, wire.Name, wire.Created, wire.Labels ?? none, [.. wire.Rules.Select(ToRule)], wire.AppliedTo.Count > 0);

    public static IReadOnlyList<RuleBody> ToBody(IEnumerable<FirewallRule> rules) =>
        [.. rules.Select(rule => new RuleBody("in", rule.Protocol, rule.Port, rule.Sources))];

    private static FirewallRule ToRule(WireRule wire) =>
        new(
            wire.Direction == "in" ? wire.Protocol : $"out {wire.Protocol}",
            wire.Port,
            [.. wire.SourceIps.Order(StringComparer.Ordinal)]
        );
}
