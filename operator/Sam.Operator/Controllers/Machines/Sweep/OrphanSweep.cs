using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Rules.Sweeps;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Leases;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>
/// Finds servers of this installation whose Machine is gone, and gives them back. A repair, not the lifecycle: a deleted Machine deletes its
/// server itself. Owners are read from the Kubernetes API, never from a cache that may lag behind; without their whole list nothing is judged.
/// </summary>
[Rbac<Machine>("list")]
internal sealed class OrphanSweep(
    SweepTokens tokens,
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

    public string Name => "orphan-sweep";

    public TimeSpan Period => options.Period;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var left = options.MaxDeletes;
        var orphans = 0;
        foreach (var token in await tokens.ListAsync(cancellationToken))
        {
            try
            {
                var (found, deleted) = await SweepAsync(token, left, cancellationToken);
                (orphans, left) = (orphans + found, left - deleted);
            }
            catch (HetznerException fault)
            {
                // One account that cannot be read harms no other one.
                report.Unreadable(token, fault);
            }
        }

        report.Seen(orphans);
    }

    private async Task<(int Found, int Deleted)> SweepAsync(HetznerToken token, int allowed, CancellationToken cancellationToken)
    {
        var listing = await clients
            .SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id))
            .GetAsync(ListAge, cancellationToken);
        // After the servers were listed: a Machine that was made in between is seen, and its server is not an orphan.
        var facts = await FactsAsync(cancellationToken);
        var (found, deleted) = (0, 0);
        foreach (var server in listing.Servers)
        {
            switch (OrphanRule.Judge(Found(server), facts))
            {
                case OrphanVerdict.Report(var why):
                    found++;
                    report.Kept(server, why);
                    break;
                case OrphanVerdict.Delete when deleted >= allowed:
                    found++;
                    report.Kept(server, $"{options.MaxDeletes} deletes are the most in one sweep");
                    break;
                case OrphanVerdict.Delete:
                    found++;
                    deleted += await DeleteAsync(token, server.Id, facts, cancellationToken) ? 1 : 0;
                    break;
            }
        }

        return (found, deleted);
    }

    /// <summary>Read once more at the last gate: labels may have changed since the list.</summary>
    private async Task<bool> DeleteAsync(HetznerToken token, long id, SweepFacts facts, CancellationToken cancellationToken)
    {
        var client = clients.For(token);
        var server = await client.GetServerAsync(id, cancellationToken);
        if (server is null || OrphanRule.Judge(Found(server), facts) is not OrphanVerdict.Delete)
            return false;
        leadership.ThrowIfNotLeader();
        var outcome = await client.DeleteServerAsync(id, cancellationToken);
        clients.SnapshotFor(token, HetznerLabels.SelectorFor(installation.Id)).Invalidate();
        report.Deleted(server, outcome);
        return true;
    }

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

    private static FoundThing Found(Server server) =>
        new(
            server.Id,
            Label(server, Names.ServerLabels.ManagedBy) == HetznerLabels.Sam,
            Label(server, Names.ServerLabels.Installation),
            Label(server, Names.ServerLabels.Machine),
            server.Created,
            server.Volumes.Count > 0 || Label(server, Names.ServerLabels.Role) != "workspace",
            server.DeleteProtected
        );

    private static string? Label(Server server, string name) => server.Labels.GetValueOrDefault(name);
}
