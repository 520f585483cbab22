using System.Numerics;
using Sam.Rules.Disks;
using Sam.Rules.Placement;

namespace Sam.Unit.Tests.Placement;

/// <summary>What must hold, said a second time and as flatly as possible: no order of checks, no reasons, no sums that saturate.</summary>
internal static class PlacementModel
{
    /// <summary>Whether the Machine may take the Workspace.</summary>
    public static bool Fits(PlacementRequest request, MachineSnapshot machine, PlacementLimits limits) =>
        machine.Use == MachineUse.Workspace
        && !machine.IsDeleting
        && machine.Stage is MachineStage.Ready or MachineStage.Warm or MachineStage.Starting
        && (machine.IsReachable || machine.Stage == MachineStage.Starting)
        && machine.Disk < DiskLevel.Full
        && (machine.BoughtFor ?? request.WorkspaceUid) == request.WorkspaceUid
        && IsAsked(request.Wish, machine)
        && machine.Capacity is not null
        && Wrongs(Binding.Bind(machine, request), limits.WorkspacesPerMachine).Count == 0
        && MayShare(request, machine);

    /// <summary>What is wrong with a Machine as it is now; nothing may ever be.</summary>
    public static List<string> Wrongs(MachineSnapshot machine, int workspacesPerMachine)
    {
        var tenants = machine.Allocations;
        var wrongs = new List<string>();
        if (tenants.Count == 0)
            return wrongs;
        if (machine.Use != MachineUse.Workspace)
            wrongs.Add("role");
        if (tenants.Count > workspacesPerMachine)
            wrongs.Add("too many");
        if (tenants.Count > 1 && tenants.Any(tenant => tenant.IsExclusive))
            wrongs.Add("exclusive");
        if (tenants.Any(tenant => tenants.Count - 1 > tenant.MaxCoTenants))
            wrongs.Add("co-tenants");
        if (machine.Capacity is not { } capacity)
            return [.. wrongs, "no capacity"];
        foreach (var resource in Enum.GetValues<Resource>())
        {
            var sum = tenants.Aggregate(BigInteger.Zero, (total, tenant) => total + tenant.Reserved.Of(resource));
            if (sum > capacity.Of(resource))
                wrongs.Add($"{resource} {sum}");
        }

        return wrongs;
    }

    /// <summary>The Machine that has to be chosen among those that fit.</summary>
    public static MachineSnapshot? Best(
        PlacementRequest request,
        IEnumerable<MachineSnapshot> machines,
        PlacementLimits limits
    ) =>
        machines
            .Where(machine => Fits(request, machine, limits))
            .OrderBy(machine =>
                machine.BoughtFor == request.WorkspaceUid ? 1
                : machine.Stage == MachineStage.Starting ? 4
                : machine.Allocations.Count == 0 ? 2
                : 3
            )
            .ThenBy(machine => machine.Capacity!.MemoryBytes - machine.Allocations.Sum(tenant => tenant.Reserved.MemoryBytes))
            .ThenBy(machine => machine.CreatedAt)
            .ThenBy(machine => machine.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>The Machines, each kept for somebody only as long as that one is on none.</summary>
    public static List<MachineSnapshot> Owned(IReadOnlyCollection<MachineSnapshot> machines) =>
        [
            .. machines.Select(machine =>
                machines.Any(other => other.Allocations.Any(tenant => tenant.WorkspaceUid == machine.BoughtFor))
                    ? machine with
                    {
                        BoughtFor = null,
                    }
                    : machine
            ),
        ];

    /// <summary>Whether the Workspace may live with this Machine's Project and with everybody on it.</summary>
    public static bool MayShare(PlacementRequest request, MachineSnapshot machine)
    {
        var strangers = machine
            .Allocations.Select(tenant => tenant.Project)
            .Append(machine.Project)
            .Where(p => p != request.Project);
        var isPool = request.MachinePool is not null && request.MachinePool == machine.MachinePool;
        var isPaidAlike = request.CredentialSource.Length > 0 && request.CredentialSource == machine.CredentialSource;
        return !strangers.Any() || (isPool && isPaidAlike && machine.Project.Namespace == request.Project.Namespace);
    }

    private static bool IsAsked(MachineWish wish, MachineSnapshot machine)
    {
        string[] sizes = machine.ServerType switch
        {
            "cx23" or "cax11" => ["Small"],
            "cx33" or "cax21" => ["Medium"],
            "cx43" or "cax31" => ["Large"],
            _ => [],
        };
        return (wish.IsArm is null || wish.IsArm == machine.IsArm)
            && (wish.Image is null || wish.Image == machine.Image)
            && (wish.Locations.Count == 0 || wish.Locations.Any(location => location == machine.Location))
            && (wish.ServerType is null || wish.ServerType == machine.ServerType)
            && (wish.ServerType is not null || wish.Size is null || sizes.Contains(wish.Size));
    }
}
