using System.Collections.Immutable;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;

namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>Which firewalls an account has and what they let in. One for each role, and one more where people may log in.</summary>
internal sealed class FirewallPlan(InstallationIdentity installation, FirewallOptions options)
{
    private const string EnginePort = "2376";
    private const string SshPort = "22";
    private static readonly ImmutableArray<string> s_world = ["0.0.0.0/0", "::/0"];

    /// <summary>Name of the firewall that a Machine stands behind; unique in the account.</summary>
    public string NameOf(Machine machine) =>
        $"sam-{installation.Id}-{RoleOf(machine)}{(machine.Spec.SshKeys is { Count: > 0 } ? "-ssh" : "")}";

    /// <summary>Labels of the firewall of that name.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(string name) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Names.ServerLabels.ManagedBy] = HetznerLabels.Sam,
            [Names.ServerLabels.Installation] = installation.Id,
            [Names.ServerLabels.Role] = RoleIn(name),
        };

    /// <summary>Whether a firewall is one of this plan's, not only one of this installation's.</summary>
    public bool Knows(string name) =>
        name.StartsWith($"sam-{installation.Id}-", StringComparison.Ordinal)
        && Enum.GetNames<MachineRole>().Any(role => string.Equals(role, RoleIn(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What the firewall of that name lets in: the engine (and SSH, where people may log in) from the operator's addresses, the web for role Deployment, ping for all.
    /// </summary>
    public IReadOnlyList<FirewallRule> RulesOf(string name)
    {
        ImmutableArray<string> operators = options.EngineSources.IsEmpty
            ? s_world
            : [.. options.EngineSources.Select(Sources.Canonical).Distinct().Order(StringComparer.Ordinal)];
        var rules = new List<FirewallRule> { new("tcp", EnginePort, operators) };
        if (name.EndsWith("-ssh", StringComparison.Ordinal))
            rules.Add(new FirewallRule("tcp", SshPort, operators));
        if (RoleIn(name) == "deployment")
            rules.AddRange([new("tcp", "80", s_world), new("tcp", "443", s_world), new("udp", "443", s_world)]);
        rules.Add(new FirewallRule("icmp", null, s_world));
        return rules;
    }

    /// <summary>Both sets in one: what is let in while all firewalls change.</summary>
    public static IReadOnlyList<FirewallRule> Union(IEnumerable<FirewallRule> old, IEnumerable<FirewallRule> next) =>
        [
            .. old.Where(rule => !rule.Protocol.StartsWith("out ", StringComparison.Ordinal))
                .Concat(next)
                .GroupBy(rule => (rule.Protocol, rule.Port))
                .Select(group => new FirewallRule(
                    group.Key.Protocol,
                    group.Key.Port,
                    [.. group.SelectMany(rule => rule.Sources).Distinct().Order(StringComparer.Ordinal)]
                )),
        ];

    private static string RoleOf(Machine machine) => machine.Spec.Role.ToString().ToLowerInvariant();

    private string RoleIn(string name) =>
        name[Math.Min(name.Length, $"sam-{installation.Id}-".Length)..].Replace("-ssh", "", StringComparison.Ordinal);
}
