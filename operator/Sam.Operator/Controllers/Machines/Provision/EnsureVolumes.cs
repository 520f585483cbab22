using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// Buys the Machine's volumes, attaches and grows them. After the server, so that an offer that is refused costs no volume. A volume that vanished is told,
/// never replaced by an empty one.
/// </summary>
internal sealed class EnsureVolumes(IHetznerClients clients, ServerLookup lookup, VolumePauses pauses, ILeadership leadership)
    : IStep<MachineContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => VolumesReady.Type;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Machine.Spec.Volumes ?? [];
        if (wanted.Count == 0)
            return StepResult.Continue(VolumesReady.VolumesAttached, "No volumes are asked for");
        // Nothing was read of the server this time: what was found last holds.
        if (context.Server is not { } server)
            return context.Machine.Status.Volumes.Count(volume => volume.Attached != false) < wanted.Count
                ? StepResult.Continue(VolumesReady.VolumeWaiting, "The provider does not answer")
                : Attached(context);
        if (pauses.Find(context) is { } said)
            return said;
        for (var at = 0; at < wanted.Count; at++)
        {
            if (await TryAsync(context, server, wanted[at], cancellationToken) is { } problem)
                return pauses.Hold(
                    context,
                    StepResult.Continue(problem.Reason, $"spec.volumes[{at}] ({wanted[at].Name}): {problem.Why}", Recheck)
                );
        }

        return Attached(context);
    }

    private static StepResult Attached(MachineContext context) =>
        StepResult.Continue(
            VolumesReady.VolumesAttached,
            string.Join(
                ", ",
                context.Machine.Status.Volumes.Select(volume => $"{volume.Name}: volume {volume.Id} at {volume.Path}")
            )
        );

    private async Task<Problem?> TryAsync(
        MachineContext context,
        Server server,
        MachineVolume wanted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await EnsureAsync(context, server, wanted, cancellationToken);
        }
        catch (HetznerException e)
            when (e.Kind
                    is HetznerErrorKind.Capacity
                        or HetznerErrorKind.Quota
                        or HetznerErrorKind.Conflict
                        or HetznerErrorKind.Invalid
            )
        {
            return new Problem(VolumesReady.VolumeWaiting, e.Message);
        }
    }

    private async Task<Problem?> EnsureAsync(
        MachineContext context,
        Server server,
        MachineVolume wanted,
        CancellationToken cancellationToken
    )
    {
        var status = context.Machine.Status.Volumes.FirstOrDefault(volume => volume.Name == wanted.Name);
        if (status is null)
        {
            var bought = await BuyAsync(context, server, wanted, cancellationToken);
            if (bought is null)
                return new Problem(
                    VolumesReady.VolumeTaken,
                    $"a volume named {context.VolumeName(wanted.Name)} exists without our labels; rename it at the provider"
                );
            status = Note(context, wanted.Name, bought, bought.ServerId == server.Id);
            // Its id is in status before the next one is bought.
            await context.Run.CheckpointAsync(cancellationToken);
            if (status.Attached is null)
                return null;
        }

        if (
            (status.Attached == false || !server.Volumes.Contains(status.Id))
            && await AttachAsync(context, server, status, cancellationToken) is { } problem
        )
            return problem;
        status.Attached = null;
        return wanted.SizeGiB == status.SizeGiB ? null : await ResizeAsync(context, status, wanted, cancellationToken);
    }

    /// <summary>By the size that the provider shows: what was written down of an earlier resize may have been lost.</summary>
    private async Task<Problem?> ResizeAsync(
        MachineContext context,
        MachineVolumeStatus status,
        MachineVolume wanted,
        CancellationToken cancellationToken
    )
    {
        var found = (await ListAsync(context, cancellationToken)).FirstOrDefault(volume => volume.Id == status.Id);
        if (found is null)
            return Gone(status);
        status.SizeGiB = found.SizeGb;
        if (wanted.SizeGiB < found.SizeGb)
            return new Problem(
                VolumesReady.VolumeShrinks,
                $"sizeGiB {wanted.SizeGiB} is less than its {found.SizeGb} GB; volumes only grow"
            );
        if (wanted.SizeGiB == found.SizeGb)
            return null;
        leadership.ThrowIfNotLeader();
        await clients.For(context.Token!.Value).ResizeVolumeAsync(status.Id, wanted.SizeGiB, cancellationToken);
        status.SizeGiB = wanted.SizeGiB;
        return null;
    }

    private static Problem Gone(MachineVolumeStatus status) =>
        new(
            VolumesReady.VolumeGone,
            $"volume {status.Id} is gone at the provider, and its data with it; take it from spec.volumes, and add one under another name if an empty one will do"
        );

    /// <summary>Its name is the fence: taken means that an answer was lost, or that it is somebody else's.</summary>
    private async Task<Volume?> BuyAsync(
        MachineContext context,
        Server server,
        MachineVolume wanted,
        CancellationToken cancellationToken
    )
    {
        var name = context.VolumeName(wanted.Name);
        leadership.ThrowIfNotLeader();
        try
        {
            return await clients
                .For(context.Token!.Value)
                .CreateVolumeAsync(
                    new CreateVolumeRequest(name, wanted.SizeGiB, server.Id, LabelsOf(context.Machine, wanted)),
                    cancellationToken
                );
        }
        catch (HetznerException e) when (e.Code == HetznerCodes.UniquenessError)
        {
            var ours = (await ListAsync(context, cancellationToken)).FirstOrDefault(volume => volume.Name == name);
            // It was kept on purpose, and is used again.
            if (ours?.Labels.ContainsKey(Names.ServerLabels.Retained) == true)
                await clients
                    .For(context.Token!.Value)
                    .LabelVolumeAsync(ours.Id, LabelsOf(context.Machine, wanted), cancellationToken);
            return ours;
        }
        finally
        {
            lookup.Invalidate(context.Token!.Value);
        }
    }

    private async Task<Problem?> AttachAsync(
        MachineContext context,
        Server server,
        MachineVolumeStatus status,
        CancellationToken cancellationToken
    )
    {
        var found = (await ListAsync(context, cancellationToken)).FirstOrDefault(volume => volume.Id == status.Id);
        if (found is null)
            return Gone(status);
        status.SizeGiB = found.SizeGb;
        if (found.ServerId == server.Id)
            return null;
        if (found.ServerId is { } other)
            return new Problem(VolumesReady.VolumeWaiting, $"volume {status.Id} is attached to server {other}; detach it there");
        leadership.ThrowIfNotLeader();
        await clients.For(context.Token!.Value).AttachVolumeAsync(status.Id, server.Id, cancellationToken);
        lookup.Invalidate(context.Token!.Value);
        return null;
    }

    private Task<IReadOnlyList<Volume>> ListAsync(MachineContext context, CancellationToken cancellationToken) =>
        clients.For(context.Token!.Value).ListVolumesAsync(lookup.SelectorOf(context.Machine), Spending.Read, cancellationToken);

    private IReadOnlyDictionary<string, string> LabelsOf(Machine machine, MachineVolume volume) =>
        new Dictionary<string, string>(lookup.LabelsOf(machine), StringComparer.Ordinal)
        {
            [Names.ServerLabels.OnDelete] = volume.DeletionPolicy.ToString().ToLowerInvariant(),
        };

    private static MachineVolumeStatus Note(MachineContext context, string name, Volume volume, bool isAttached)
    {
        var status = new MachineVolumeStatus
        {
            Name = name,
            Id = volume.Id,
            SizeGiB = volume.SizeGb,
            Path = $"/mnt/sam/{volume.Id}",
            Attached = isAttached ? null : false,
        };
        context.Machine.Status.Volumes.Add(status);
        return status;
    }

    private sealed record Problem(Reason Reason, string Why);
}
