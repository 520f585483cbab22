namespace Sam.Rules.Placement;

/// <summary>What one conditional write changes about a Machine when a Workspace comes or goes.</summary>
public static class Binding
{
    /// <summary>The Machine with the Workspace on it; the same if it is on it already.</summary>
    /// <param name="machine">The Machine, at the version that was judged.</param>
    /// <param name="request">What the Workspace asks.</param>
    public static MachineSnapshot Bind(MachineSnapshot machine, PlacementRequest request)
    {
        if (machine.Holds(request.WorkspaceUid))
            return machine;
        var allocation = new Allocation(
            request.WorkspaceUid,
            request.Project,
            request.Reserved,
            request.IsExclusive,
            request.MaxCoTenants
        );
        return machine with
        {
            Allocations = [.. machine.Allocations, allocation],
            Stage = machine.Stage == MachineStage.Warm ? MachineStage.Ready : machine.Stage,
            BoughtFor = machine.BoughtFor == request.WorkspaceUid ? null : machine.BoughtFor,
            // A time that stays behind would end the Machine as soon as the Workspace leaves.
            WarmSince = null,
        };
    }

    /// <summary>The Machine without the Workspace; the same if it is not on it. The last one to leave starts the clock of its end.</summary>
    /// <param name="machine">The Machine.</param>
    /// <param name="workspaceUid">UID of the Workspace.</param>
    /// <param name="now">Now.</param>
    public static MachineSnapshot Release(MachineSnapshot machine, string workspaceUid, DateTimeOffset now)
    {
        var left = machine.Without(workspaceUid);
        if (left.Allocations.Count == machine.Allocations.Count)
            return machine;
        return left.IsEmpty ? left with { WarmSince = now } : left;
    }

    /// <summary>The Machines, none of them kept for a Workspace that found another place meanwhile: nobody would ever use it.</summary>
    /// <param name="machines">All Machines on which it may have found one.</param>
    internal static IReadOnlyList<MachineSnapshot> WithoutServedOwners(IReadOnlyCollection<MachineSnapshot> machines)
    {
        var bound = machines
            .SelectMany(machine => machine.Allocations)
            .Select(allocation => allocation.WorkspaceUid)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. machines.Select(machine =>
                machine.BoughtFor is { } owner && bound.Contains(owner) ? machine with { BoughtFor = null } : machine
            ),
        ];
    }
}
