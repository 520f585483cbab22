using Sam.Rules.Disks;
using Sam.Rules.Offers;

namespace Sam.Rules.Placement;

/// <summary>
/// Whether a Machine takes a Workspace. Asked when one is chosen, again by the writer of the binding, and again of a claimed Machine before
/// anything is started on it.
/// </summary>
public static class MachineFit
{
    // From what no waiting changes to what changes by the minute: the first obstacle is the one that is told.
    private static readonly Func<PlacementRequest, MachineSnapshot, PlacementLimits, Obstacle?>[] checks =
    [
        (request, machine, _) => Owner(request, machine),
        (_, machine, _) => Life(machine),
        (request, machine, _) => Form(request.Wish, machine),
        (request, machine, _) => Size(request, machine),
        (_, machine, _) => Health(machine),
        Tenants,
        (request, machine, _) => Room(request, machine),
    ];

    /// <summary>What keeps the Machine from taking the Workspace beside those that it has; null if nothing does.</summary>
    /// <param name="request">What the Workspace asks.</param>
    /// <param name="machine">The Machine; an allocation of this Workspace is not counted.</param>
    /// <param name="limits">What bounds every placement.</param>
    public static Obstacle? Find(PlacementRequest request, MachineSnapshot machine, PlacementLimits limits)
    {
        var others = machine.Without(request.WorkspaceUid);
        return checks.Select(check => check(request, others, limits)).FirstOrDefault(obstacle => obstacle is not null);
    }

    /// <summary>Whether a server type is one that was asked for.</summary>
    /// <param name="wish">What was asked for.</param>
    /// <param name="shape">The server type.</param>
    public static bool IsAskedFor(MachineWish wish, ServerShape shape) => Type(wish, shape.ServerType, shape.IsArm) is null;

    private static Obstacle NoTypeYet => new(ObstacleKind.NotSettled, "its server type is not settled yet");

    private static Obstacle? Owner(PlacementRequest request, MachineSnapshot machine)
    {
        if (machine.Use != MachineUse.Workspace)
            return new(ObstacleKind.OtherRole, "it serves Compose apps");
        // A Machine of one's own may have guests of the pool: who left the pool does not live beside them either.
        var isOwn = machine.Project == request.Project && machine.Allocations.All(guest => guest.Project == request.Project);
        if (isOwn)
            return null;
        if (machine.Project.Namespace != request.Project.Namespace)
            return new(ObstacleKind.NotShared, "it is in another namespace");
        if (request.MachinePool is null || request.MachinePool != machine.MachinePool)
            return new(ObstacleKind.NotShared, "another Project uses it, and they share no machinePool");
        return request.CredentialSource.Length > 0 && request.CredentialSource == machine.CredentialSource
            ? null
            : new(ObstacleKind.NotShared, "another Project uses it, and another Secret pays for it");
    }

    private static Obstacle? Life(MachineSnapshot machine) =>
        machine switch
        {
            { IsDeleting: true } or { Stage: MachineStage.Deleting } => new(ObstacleKind.BeingDeleted, "it is being deleted"),
            { Stage: MachineStage.Draining } => new(ObstacleKind.Draining, "it is being drained"),
            { Stage: MachineStage.Failed } => new(ObstacleKind.Failed, "it failed"),
            _ => null,
        };

    private static Obstacle? Form(MachineWish wish, MachineSnapshot machine)
    {
        if (Type(wish, machine.ServerType, machine.IsArm) is { } wrong)
            return wrong;
        if (wish.Locations.Count > 0 && machine.Location is null)
            return new(ObstacleKind.NotSettled, "its location is not settled yet");
        if (wish.Locations.Count > 0 && !wish.Locations.Contains(machine.Location, StringComparer.Ordinal))
            return new(
                ObstacleKind.WrongLocation,
                $"it stands in {machine.Location}, not in {string.Join(" or ", wish.Locations)}"
            );
        return wish.Image is { } image && image != machine.Image
            ? new(ObstacleKind.WrongImage, $"its image is {machine.Image}, not {image}")
            : null;
    }

    private static Obstacle? Type(MachineWish wish, string? serverType, bool isArm)
    {
        if (wish.IsArm is { } arm && arm != isArm)
            return new(ObstacleKind.WrongArchitecture, isArm ? "it is Arm, not x86" : "it is x86, not Arm");
        if (wish is { ServerType: null, Size: null })
            return null;
        if (serverType is null)
            return NoTypeYet;
        if (wish.ServerType is { } asked)
            return asked == serverType
                ? null
                : new(ObstacleKind.WrongServerType, $"its server type is {serverType}, not {asked}");
        return wish.Size is { } size && !OfferOrder.Means(size, serverType)
            ? new(ObstacleKind.WrongSize, $"its server type is {serverType}, which is not {size}")
            : null;
    }

    private static Obstacle? Size(PlacementRequest request, MachineSnapshot machine)
    {
        if (machine.Capacity is not { } capacity)
            return NoTypeYet;
        return capacity.Lacks(request.Reserved) is { } lacking
            ? new(
                ObstacleKind.TooSmall,
                $"it has {Told(lacking, capacity)} in all, {Told(lacking, request.Reserved)} is asked for"
            )
            : null;
    }

    private static Obstacle? Health(MachineSnapshot machine)
    {
        // What starts cannot answer yet; its own deadlines judge it.
        if (machine.Stage != MachineStage.Starting && !machine.IsReachable)
            return new(ObstacleKind.Unreachable, "its engine does not answer");
        return machine.Disk == DiskLevel.Full ? new(ObstacleKind.DiskFull, $"its disk is {DiskPressureRule.Stop} % full") : null;
    }

    private static Obstacle? Tenants(PlacementRequest request, MachineSnapshot machine, PlacementLimits limits)
    {
        var count = machine.Allocations.Count;
        if (machine.BoughtFor is { } owner && owner != request.WorkspaceUid)
            return new(ObstacleKind.KeptForAnother, "it was bought for another Workspace that is not on it yet");
        if (machine.Allocations.Any(tenant => tenant.IsExclusive))
            return new(ObstacleKind.HeldExclusively, "a Workspace on it has it for itself");
        if (request.IsExclusive && count > 0)
            return new(ObstacleKind.InUse, $"a Machine of its own is asked for, and {count} Workspaces are on this one");
        if (count >= limits.WorkspacesPerMachine)
            return new(ObstacleKind.MachineFull, $"{count} of {limits.WorkspacesPerMachine} Workspaces are on it");
        if (count > request.MaxCoTenants)
            return new(ObstacleKind.TooManyCoTenants, $"{count} Workspaces are on it, {request.MaxCoTenants} are tolerated");
        // With this one, each of those on it has as many others beside it as there are on it now.
        return machine.Allocations.Any(tenant => tenant.MaxCoTenants < count)
            ? new(ObstacleKind.CoTenantsRefuse, $"one of the {count} Workspaces on it tolerates no further one")
            : null;
    }

    private static Obstacle? Room(PlacementRequest request, MachineSnapshot machine)
    {
        var free = (machine.Capacity ?? Amounts.None).Less(machine.Reserved);
        return free.Lacks(request.Reserved) is { } lacking
            ? new(KindOf(lacking), $"{Told(lacking, free)} is left, {Told(lacking, request.Reserved)} is asked for")
            : null;
    }

    private static ObstacleKind KindOf(Resource resource) =>
        resource switch
        {
            Resource.Cpu => ObstacleKind.NoCpu,
            Resource.Memory => ObstacleKind.NoMemory,
            _ => ObstacleKind.NoDisk,
        };

    private static string Told(Resource resource, Amounts amounts) =>
        $"{amounts.Text(resource)} {(resource == Resource.Cpu ? "CPU" : resource == Resource.Memory ? "memory" : "disk")}";
}
