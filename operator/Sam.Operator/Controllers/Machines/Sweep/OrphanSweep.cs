using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Rules.Sweeps;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Leases;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>
/// Finds what this installation has at the provider without a Machine, and gives it back. A repair, not the lifecycle: a deleted Machine deletes what is its own
/// itself. Owners are read from the Kubernetes API, never from a cache that may lag behind; without their whole list nothing is judged.
/// </summary>
[Rbac<Machine>("list")]
internal sealed class OrphanSweep(
    SweepTokens tokens,
    SweptThings things,
    IHetznerClients clients,
    IResourceClient<Machine> machines,
    InstallationIdentity installation,
    SweepOptions options,
    SweepReport report,
    ILeadership leadership,
    TimeProvider timeProvider
) : IPeriodicTask
{
    private static readonly TimeSpan ListAge = TimeSpan.FromMinutes(3);

    // Four lists more an account: what outlives a server is looked for less often.
    private static readonly TimeSpan OthersPeriod = TimeSpan.FromHours(1);
    private DateTimeOffset _othersAt;

    public string Name => "orphan-sweep";

    public TimeSpan Period => options.Period;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (left, orphans, now) = (options.MaxDeletes, 0, timeProvider.GetUtcNow());
        var all = now - _othersAt >= OthersPeriod;
        foreach (var token in await tokens.ListAsync(cancellationToken))
        {
            try
            {
                var (found, deleted) = await SweepAsync(token, all, left, cancellationToken);
                (orphans, left) = (orphans + found, left - deleted);
            }
            catch (HetznerException fault)
            {
                // One account that cannot be read harms no other one.
                report.Unreadable(token, fault);
            }
        }

        _othersAt = all ? now : _othersAt;
        report.Seen(orphans);
    }

    private async Task<(int Found, int Deleted)> SweepAsync(
        HetznerToken token,
        bool all,
        int allowed,
        CancellationToken cancellationToken
    )
    {
        var servers = await clients
            .SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id))
            .GetAsync(ListAge, cancellationToken);
        var others = all ? await things.ListAsync(clients.For(token), cancellationToken) : [];
        // After all was listed: a Machine that was made in between is seen, and what it bought is not an orphan.
        var facts = await FactsAsync(cancellationToken);
        var (found, deleted) = (0, 0);
        foreach (var thing in servers.Servers.Select(SweptThings.Of).Concat(others))
        {
            switch (OrphanRule.Judge(thing, facts))
            {
                case OrphanVerdict.Report(var why):
                    found++;
                    report.Kept(thing, why);
                    break;
                case OrphanVerdict.Delete when deleted >= allowed:
                    found++;
                    report.Kept(thing, $"{options.MaxDeletes} deletes are the most in one sweep");
                    break;
                case OrphanVerdict.Delete:
                    found++;
                    deleted += await DeleteAsync(token, thing, facts, cancellationToken) ? 1 : 0;
                    break;
            }
        }

        return (found, deleted);
    }

    /// <summary>Read once more at the last gate: labels may have changed since the list.</summary>
    private async Task<bool> DeleteAsync(
        HetznerToken token,
        FoundThing listed,
        SweepFacts facts,
        CancellationToken cancellationToken
    )
    {
        var client = clients.For(token);
        var thing = await ReadAgainAsync(client, listed, cancellationToken);
        if (thing is null || OrphanRule.Judge(thing, facts) is not OrphanVerdict.Delete)
            return false;
        leadership.ThrowIfNotLeader();
        var outcome = await SweptThings.DeleteAsync(client, thing, cancellationToken);
        clients.SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id)).Invalidate();
        report.Deleted(thing, outcome);
        return true;
    }

    private async Task<FoundThing?> ReadAgainAsync(IHetzner client, FoundThing listed, CancellationToken cancellationToken) =>
        listed.Kind == "server"
            ? await client.GetServerAsync(listed.Id, cancellationToken) is { } server
                ? SweptThings.Of(server)
                : null
            : (await things.ListAsync(client, cancellationToken)).FirstOrDefault(thing =>
                thing.Kind == listed.Kind && thing.Id == listed.Id
            );

    private async Task<SweepFacts> FactsAsync(CancellationToken cancellationToken)
    {
        var living = await machines.ListAsync(null, null, cancellationToken);
        return new SweepFacts(
            installation.Id,
            installation.MadeAt,
            living.Select(machine => machine.Spec.MachineId).ToHashSet(StringComparer.Ordinal),
            options.OrphanAge,
            options.DryRun,
            timeProvider.GetUtcNow()
        );
    }
}
