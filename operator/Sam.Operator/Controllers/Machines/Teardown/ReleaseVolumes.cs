using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>Deletes or keeps the Machine's volumes, each as it was asked for. Found by label, so that one whose id was lost goes too, and by id, so that one that no list shows yet does.</summary>
internal sealed class ReleaseVolumes(IHetznerClients clients, ServerLookup lookup, IEventRecorder events, ILeadership leadership)
    : IStep<MachineContext>
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(10);

    public ConditionType? Condition => null;

    public Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken) =>
        !Leftovers.WasBought(context.Machine)
        || (
            context.Machine.Spec is { Volumes: null or { Count: 0 }, TakesOverFrom: null }
            && context.Machine.Status.Volumes.Count == 0
        )
            ? Task.FromResult(StepResult.Continue())
            : Leftovers.WithTokenAsync(context, token => ReleaseAsync(context, token, cancellationToken));

    private async Task<StepResult> ReleaseAsync(MachineContext context, HetznerToken token, CancellationToken cancellationToken)
    {
        var client = clients.For(token);
        var volumes = await FindAsync(context, client, cancellationToken);
        foreach (var volume in volumes)
        {
            if (volume.Labels.ContainsKey(Names.ServerLabels.Retained) || HandOver.IsDone(context.Machine, volume.Labels))
                continue;
            leadership.ThrowIfNotLeader();
            if (context.Machine.Spec.HandOverTo is { } heir)
            {
                await HandOverAsync(context, client, volume, heir, cancellationToken);
                continue;
            }

            if (Stays(context, volume))
            {
                await client.LabelVolumeAsync(volume.Id, Leftovers.Retained(volume.Labels), cancellationToken);
                events.Record(
                    context.Machine,
                    "VolumeRetained",
                    $"deletionPolicy is Retain: volume {volume.Id} ({volume.Name}, {volume.SizeGb} GB) stays at the provider"
                );
                continue;
            }

            var outcome = await client.DeleteVolumeAsync(volume.Id, cancellationToken);
            if (Leftovers.Refusal(outcome, $"Volume {volume.Id}", Left(context, volumes)) is { } refused)
                return refused;
        }

        return Leftovers.MayLag(context, volumes)
            ? StepResult.Requeue(
                Lag,
                Provisioned.ServerDeleting,
                "A volume may have been bought and is not listed; looked for once more"
            )
            : StepResult.Continue();
    }

    /// <summary>By the name under which the heir looks for it, whatever somebody called it at the provider: else an empty one would be bought.</summary>
    private async Task HandOverAsync(
        MachineContext context,
        IHetzner client,
        Volume volume,
        string heir,
        CancellationToken cancellationToken
    )
    {
        var known = context.Machine.Status.Volumes.FirstOrDefault(status => status.Id == volume.Id)?.Name;
        var prefix = context.VolumeName("");
        var name =
            known ?? (volume.Name.StartsWith(prefix, StringComparison.Ordinal) ? volume.Name[prefix.Length..] : volume.Name);
        var labels = HandOver.LabelsFor(heir, volume.Labels, lookup.LabelsOf(context.Machine));
        // As it is asked for now: the label is of the day it was bought.
        if (context.Machine.Spec.Volumes?.FirstOrDefault(asked => asked.Name == name) is { } asked)
            labels[Names.ServerLabels.OnDelete] = asked.DeletionPolicy.ToString().ToLowerInvariant();
        await client.RenameVolumeAsync(volume.Id, MachineContext.VolumeNameOf(heir, name), labels, cancellationToken);
        events.Record(context.Machine, "VolumeHandedOver", $"Volume {volume.Id} ({name}) is Machine {heir}'s now");
    }

    private async Task<List<Volume>> FindAsync(MachineContext context, IHetzner client, CancellationToken cancellationToken)
    {
        var selector = lookup.SelectorOf(context.Machine);
        var volumes = (await client.ListVolumesAsync(selector, Spending.Delete, cancellationToken)).ToList();
        foreach (var known in context.Machine.Status.Volumes.Where(known => volumes.All(volume => volume.Id != known.Id)))
        {
            if (await client.GetVolumeAsync(known.Id, cancellationToken) is { } unlisted)
                volumes.Add(unlisted);
        }

        return volumes;
    }

    /// <summary>The server is gone by now.</summary>
    private static string Left(MachineContext context, IReadOnlyList<Volume> volumes) =>
        string.Join(
            ", ",
            volumes
                .Select(volume => $"volume {volume.Id} ({volume.Name})")
                .Concat(context.Machine.Status.PrimaryIPv4Id is { } address ? [$"address {address}"] : [])
        );

    private static bool Stays(MachineContext context, Volume volume) =>
        context.Machine.Spec.DeletionPolicy == DeletionPolicy.Retain
        || (
            context.Machine.Spec.Volumes?.FirstOrDefault(wanted => volume.Name == context.VolumeName(wanted.Name)) is { } asked
                ? asked.DeletionPolicy == DeletionPolicy.Retain
                // No longer asked for: as it was labelled when it was.
                : volume.Labels.GetValueOrDefault(Names.ServerLabels.OnDelete) != "delete"
        );
}
