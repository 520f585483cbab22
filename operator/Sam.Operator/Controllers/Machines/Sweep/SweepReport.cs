using k8s.Models;
using Prometheus;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Rules.Sweeps;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>Tells people what the sweep found: events on the installation's Secret, a log line each, two metrics.</summary>
internal sealed class SweepReport(
    IEventRecorder events,
    OperatorNamespace home,
    InstallationIdentity installation,
    CollectorRegistry registry,
    ILogger<SweepReport> logger
)
{
    private readonly Gauge _orphans = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("sam_orphans", "What this installation has at the provider without a Machine, as the last sweep saw it.");

    private readonly Counter _deleted = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter("sam_orphans_deleted_total", "Orphans that the sweep deleted.");

    /// <summary>One sweep is over.</summary>
    public void Seen(int orphans) => _orphans.Set(orphans);

    /// <summary>An orphan stays.</summary>
    public void Kept(FoundThing thing, string why)
    {
        SweepLog.Kept(logger, thing.Kind, thing.Id, thing.Name, why);
        events.Record(Installation(), "OrphanKept", $"{Title(thing)} has no Machine and stays: {why}", true);
    }

    /// <summary>An orphan went, or the provider said why not.</summary>
    public void Deleted(FoundThing thing, DeleteOutcome outcome)
    {
        SweepLog.Deleted(logger, thing.Kind, thing.Id, thing.Name, outcome.GetType().Name);
        if (outcome is not (DeleteOutcome.Deleted or DeleteOutcome.Gone))
            return;
        _deleted.Inc();
        events.Record(Installation(), "OrphanDeleted", $"{Title(thing)} had no Machine and was deleted");
    }

    /// <summary>An account could not be swept.</summary>
    public void Unreadable(HetznerToken token, HetznerException fault) => SweepLog.Unreadable(logger, fault, token.Fingerprint);

    private static string Title(FoundThing thing) =>
        $"{char.ToUpperInvariant(thing.Kind[0])}{thing.Kind[1..]} {thing.Id} ({thing.Name})";

    private V1Secret Installation() =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new V1ObjectMeta
            {
                Name = InstallationSecret.Name,
                NamespaceProperty = home.Name,
                Uid = installation.Uid,
            },
        };
}
