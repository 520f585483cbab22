namespace Sam.Rules.Placement;

/// <summary>
/// The one decision where a Workspace goes: the Machine that it is on, the one it names, the one bought for it, a warm one, one in use with
/// room, one that starts with room, a new one. Pure: the same snapshot gives the same answer, in whatever order it lists the Machines.
/// </summary>
public static class PlacementRule
{
    /// <summary>Most candidates that are listed: they go into a status.</summary>
    public const int MostCandidates = 20;

    /// <summary>Decides for one Workspace.</summary>
    /// <param name="request">What it asks.</param>
    /// <param name="machines">Every Machine that may matter; those of other namespaces are ignored.</param>
    /// <param name="limits">What bounds every placement.</param>
    public static PlacementResult Place(
        PlacementRequest request,
        IReadOnlyCollection<MachineSnapshot> machines,
        PlacementLimits limits
    )
    {
        Guard(request, limits);
        var here = Binding
            .WithoutServedOwners(machines)
            .Where(machine => machine.Project.Namespace == request.Project.Namespace)
            .ToList();
        if (Held(request, here) is { } held)
            return held;
        if (request.NamedMachine is { } name)
            return Named(request, here.Find(machine => machine.Name == name), limits);
        var judged = here.Select(machine => (Machine: machine, Obstacle: MachineFit.Find(request, machine, limits))).ToList();
        var fitting = judged.Where(one => one.Obstacle is null).Select(one => one.Machine).ToList();
        fitting.Sort((one, other) => Compare(request, one, other));
        var unfit = judged.Where(one => one.Obstacle is not null).Select(one => (one.Machine, one.Obstacle!));
        if (fitting.Count == 0)
            return Listed(New(request, limits, here.Count), [], unfit);
        return Listed(Placed(fitting[0], ReasonOf(request, fitting[0])), fitting.Skip(1), unfit);
    }

    // Asked again after a crash between the binding and its record: the answer must be the Machine that is bound.
    private static PlacementResult? Held(PlacementRequest request, List<MachineSnapshot> machines)
    {
        var holders = machines
            .Where(machine => machine.Holds(request.WorkspaceUid))
            .OrderBy(machine => machine.IsDeleting || machine.Stage == MachineStage.Deleting)
            .ThenBy(machine => machine.CreatedAt)
            .ThenBy(machine => machine.Name, StringComparer.Ordinal)
            .ToList();
        if (holders.Count == 0)
            return null;
        var second = new Obstacle(
            ObstacleKind.SecondAllocation,
            $"the Workspace is on {holders[0].Name}; this one is given back"
        );
        return Listed(
            Placed(holders[0], PlacementReason.AlreadyAllocated),
            [],
            holders.Skip(1).Select(machine => (machine, second))
        );
    }

    // Explicit is never replaced: the named one, or none.
    private static PlacementResult Named(PlacementRequest request, MachineSnapshot? machine, PlacementLimits limits)
    {
        if (machine is null)
            return Alone(
                new PlacementVerdict.Refused(
                    PlacementRefusal.NamedMachineNotFound,
                    $"Machine {request.NamedMachine} does not exist in the namespace"
                )
            );
        if (MachineFit.Find(request, machine, limits) is not { } obstacle)
            return Alone(Placed(machine, PlacementReason.Named));
        var why = $"Machine {machine.Name} is asked for: {obstacle.Why}";
        return Listed(
            obstacle.IsLasting
                ? new PlacementVerdict.Refused(PlacementRefusal.NamedMachineUnfit, why)
                : new PlacementVerdict.Wait(PlacementRefusal.NamedMachineUnfit, why),
            [],
            [(machine, obstacle)]
        );
    }

    private static PlacementVerdict New(PlacementRequest request, PlacementLimits limits, int looked)
    {
        var asked = request.Buyable.Where(shape => MachineFit.IsAskedFor(request.Wish, shape)).ToList();
        var large = asked
            .Where(shape => shape.Capacity.Lacks(request.Reserved) is null)
            .Select(shape => shape.ServerType)
            .ToList();
        var why = looked == 0 ? "there is no Machine" : $"none of {looked} Machines can take it";
        if (large.Count == 0)
            return new PlacementVerdict.Refused(
                PlacementRefusal.NoServerTypeFits,
                $"{why}, and no server type that may be bought has {request.Reserved}: {Names(asked)}"
            );
        return limits.NoNewMachine is { } refusal
            ? new PlacementVerdict.Wait(PlacementRefusal.NoNewMachine, $"{why}, and none may be bought: {refusal}")
            : new PlacementVerdict.BuyNew(large, why);
    }

    private static string Names(List<ServerShape> asked) =>
        asked.Count == 0
            ? "none is as it was asked for"
            : string.Join("; ", asked.Select(shape => $"{shape.ServerType} has {shape.Capacity}"));

    private static PlacementReason ReasonOf(PlacementRequest request, MachineSnapshot machine) =>
        machine switch
        {
            { BoughtFor: { } owner } when owner == request.WorkspaceUid => PlacementReason.BoughtForIt,
            { Stage: MachineStage.Starting } => PlacementReason.Starting,
            { IsEmpty: true } => PlacementReason.Warm,
            _ => PlacementReason.RunningWithRoom,
        };

    /// <summary>By reason, then the tightest fit (it keeps large gaps for large Workspaces), then the older, then by name.</summary>
    private static int Compare(PlacementRequest request, MachineSnapshot one, MachineSnapshot other)
    {
        var order = ReasonOf(request, one).CompareTo(ReasonOf(request, other));
        order = order != 0 ? order : FreeMemory(one).CompareTo(FreeMemory(other));
        order = order != 0 ? order : one.CreatedAt.CompareTo(other.CreatedAt);
        order = order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(one.Id, other.Id);
    }

    // What the Workspace itself takes is the same on each.
    private static long FreeMemory(MachineSnapshot machine) =>
        (machine.Capacity ?? Amounts.None).Less(machine.Reserved).MemoryBytes;

    private static PlacementVerdict.Placed Placed(MachineSnapshot machine, PlacementReason reason) =>
        new(machine.Id, machine.Name, machine.ResourceVersion, reason);

    private static PlacementResult Alone(PlacementVerdict verdict) => new(verdict, [], 0);

    private static PlacementResult Listed(
        PlacementVerdict verdict,
        IEnumerable<MachineSnapshot> outranked,
        IEnumerable<(MachineSnapshot Machine, Obstacle Obstacle)> unfit
    )
    {
        var chosen = verdict is PlacementVerdict.Placed placed ? $"{placed.Name} is preferred: {placed.Reason}" : "";
        var better = new Obstacle(ObstacleKind.Outranked, chosen);
        var near = unfit
            .OrderByDescending(one => one.Obstacle.Kind)
            .ThenBy(one => one.Machine.Name, StringComparer.Ordinal)
            .ThenBy(one => one.Machine.Id, StringComparer.Ordinal)
            .Select(one => new PlacementCandidate(one.Machine.Name, one.Obstacle));
        List<PlacementCandidate> all = [.. outranked.Select(machine => new PlacementCandidate(machine.Name, better)), .. near];
        return new(verdict, [.. all.Take(MostCandidates)], Math.Max(0, all.Count - MostCandidates));
    }

    // Nonsense here is a mistake of the caller: it would buy Machines that take nobody.
    private static void Guard(PlacementRequest request, PlacementLimits limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(request.WorkspaceUid);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Reserved.CpuMillis);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Reserved.MemoryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Reserved.DiskBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxCoTenants);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.WorkspacesPerMachine, 1);
    }
}
