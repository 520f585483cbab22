using System.Collections.Concurrent;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;

namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>Keeps an account's firewalls as planned, one of each name however many Machines need it.</summary>
internal sealed class FirewallKeeper(
    IHetznerClients clients,
    FirewallPlan plan,
    InstallationIdentity installation,
    IEventRecorder events,
    ILeadership leadership,
    TimeProvider timeProvider
)
{
    private static readonly TimeSpan s_surveyAge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(HetznerToken Token, string Name), SharedAnswer<long>> _made = new();
    private readonly ConcurrentDictionary<HetznerToken, SharedAnswer<IReadOnlyList<Firewall>>> _surveys = new();

    /// <summary>The firewall for a server that is about to be bought; made if there is none.</summary>
    /// <exception cref="HetznerException">The provider refuses, or the name belongs to somebody else's (<see cref="HetznerErrorKind.Invalid"/>).</exception>
    public Task<long> EnsureAsync(HetznerToken token, Machine machine, CancellationToken cancellationToken)
    {
        var name = plan.NameOf(machine);
        return _made
            .GetOrAdd((token, name), _ => new SharedAnswer<long>(timeProvider))
            .GetAsync(TimeSpan.MaxValue, () => MakeAsync(token, name, machine), cancellationToken);
    }

    /// <summary>The firewall that a server should be behind, as a look at the account at most ten minutes ago found it; null if it is gone.</summary>
    /// <remarks>Rules that somebody changed, or that are of other addresses than today's, are put right by the same look.</remarks>
    public async Task<long?> FindAsync(HetznerToken token, Machine machine, CancellationToken cancellationToken)
    {
        var name = plan.NameOf(machine);
        var survey = await _surveys
            .GetOrAdd(token, _ => new SharedAnswer<IReadOnlyList<Firewall>>(timeProvider))
            .GetAsync(s_surveyAge, () => SurveyAsync(token, machine), cancellationToken);
        return survey.FirstOrDefault(firewall => firewall.Name == name)?.Id;
    }

    /// <summary>What is remembered of an account may be wrong.</summary>
    public void Forget(HetznerToken token)
    {
        foreach (var known in _made.Where(known => known.Key.Token.Equals(token)))
            known.Value.Forget();
        if (_surveys.TryGetValue(token, out var survey))
            survey.Forget();
    }

    private async Task<long> MakeAsync(HetznerToken token, string name, Machine machine)
    {
        leadership.ThrowIfNotLeader();
        try
        {
            var made = await clients
                .For(token)
                .CreateFirewallAsync(name, plan.LabelsOf(name), plan.RulesOf(name), CancellationToken.None);
            return made.Id;
        }
        catch (HetznerException e) when (e.Code == HetznerCodes.UniquenessError)
        {
            var mine = (await SurveyAsync(token, machine)).FirstOrDefault(firewall => firewall.Name == name);
            return mine?.Id
                ?? throw new HetznerException(
                    HetznerErrorKind.Invalid,
                    e.Code,
                    e.Status,
                    $"a firewall named {name} exists without SAM's labels; rename or delete it at the provider"
                );
        }
    }

    /// <summary>Lists ours and puts their rules right. All let the new addresses in before one keeps the old ones out.</summary>
    private async Task<IReadOnlyList<Firewall>> SurveyAsync(HetznerToken token, Machine machine)
    {
        var client = clients.For(token);
        var found = await client.ListFirewallsAsync(HetznerLabels.SelectorFor(installation.Id), CancellationToken.None);
        var ours = found.Where(firewall => plan.Knows(firewall.Name)).ToList();
        var wrong = ours.Where(firewall => !AreSame(firewall.Rules, plan.RulesOf(firewall.Name))).ToList();
        foreach (var firewall in wrong)
        {
            var both = FirewallPlan.Union(firewall.Rules, plan.RulesOf(firewall.Name));
            // It lets the new ones in already: a process that came this far ended here, or somebody only added rules.
            if (!AreSame(firewall.Rules, both))
                await SetAsync(client, firewall.Id, both);
        }

        foreach (var firewall in wrong)
        {
            await SetAsync(client, firewall.Id, plan.RulesOf(firewall.Name));
            events.Record(
                machine,
                "FirewallRulesRestored",
                $"The rules of firewall {firewall.Name} ({firewall.Id}) were not the planned ones and are again",
                true
            );
        }

        return ours;
    }

    private static bool AreSame(IReadOnlyList<FirewallRule> rules, IReadOnlyList<FirewallRule> others) =>
        rules.Count == others.Count && others.All(rules.Contains);

    private async Task SetAsync(IHetzner client, long id, IReadOnlyList<FirewallRule> rules)
    {
        leadership.ThrowIfNotLeader();
        await client.SetFirewallRulesAsync(id, rules, CancellationToken.None);
    }
}
