using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Machines on which nobody is but whom the rule put there; Workspaces come and go, Machines boot, fail and are given back.</summary>
internal sealed class PlacementWorld
{
    private readonly PlacementDice _dice;
    private readonly PlacementLimits _limits;
    private readonly List<MachineSnapshot> _machines;
    private readonly List<PlacementRequest> _living = [];
    private readonly List<string> _wrongs = [];
    private int _next;

    public PlacementWorld(PlacementDice dice, PlacementLimits limits)
    {
        (_dice, _limits) = (dice, limits);
        _machines = [.. Enumerable.Range(0, dice.Next(6)).Select(dice.Machine)];
    }

    public int Placed { get; private set; }

    /// <summary>A Machine as it is just after it was bought for a Workspace.</summary>
    public static MachineSnapshot Bought(PlacementRequest request, ServerShape shape, int number) =>
        Machine($"n{number}") with
        {
            Project = request.Project,
            MachinePool = request.MachinePool,
            CredentialSource = request.CredentialSource,
            Stage = MachineStage.Starting,
            IsReachable = false,
            Capacity = shape.Capacity,
            ServerType = shape.ServerType,
            IsArm = shape.IsArm,
            Location = request.Wish.Locations.Count > 0 ? request.Wish.Locations[0] : "fsn1",
            Image = request.Wish.Image ?? "docker-ce",
            BoughtFor = request.WorkspaceUid,
        };

    public void Step()
    {
        switch (_dice.Next(8))
        {
            case 0 when _living.Count > 0:
                Leave(_dice.Any(_living));
                break;
            case 1 when _machines.Count > 0:
                Change(_dice.Next(_machines.Count));
                break;
            case 2 when _living.Count > 0:
                // Asked again, as after a crash.
                Come(_dice.Any(_living));
                break;
            default:
                Come(_dice.Request($"u{_next++}"));
                break;
        }
    }

    /// <summary>What is wrong with the world now.</summary>
    public List<string> Wrongs()
    {
        var twice = _machines
            .SelectMany(machine => machine.Allocations)
            .GroupBy(allocation => allocation.WorkspaceUid, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is on two Machines");
        var overfull = _machines.SelectMany(machine =>
            PlacementModel.Wrongs(machine, _limits.WorkspacesPerMachine).Select(wrong => $"{machine.Name}: {wrong}")
        );
        return [.. _wrongs, .. twice, .. overfull];
    }

    private void Come(PlacementRequest request)
    {
        switch (PlacementRule.Place(request, _dice.Shuffled(_machines), _limits).Verdict)
        {
            case PlacementVerdict.Placed placed:
                Bind(request, placed);
                break;
            case PlacementVerdict.BuyNew buy when _machines.Count < 12:
                var shape = request.Buyable.First(shape => shape.ServerType == buy.ServerTypes[0]);
                _machines.Add(Bought(request, shape, _next++));
                _living.Add(request);
                break;
            default:
                break;
        }
    }

    private void Bind(PlacementRequest request, PlacementVerdict.Placed placed)
    {
        var index = _machines.FindIndex(machine => machine.Id == placed.MachineId);
        var before = _machines[index];
        var isHeld = before.Allocations.Any(allocation => allocation.WorkspaceUid == request.WorkspaceUid);
        if (isHeld != (placed.Reason == PlacementReason.AlreadyAllocated))
            _wrongs.Add($"{request.WorkspaceUid} on {before.Name}: {placed.Reason}");
        if (!isHeld && !PlacementModel.Fits(request, PlacementModel.Owned(_machines)[index], _limits))
            _wrongs.Add($"{request.WorkspaceUid} does not fit on {before.Name}");
        _machines[index] = Binding.Bind(before, request);
        if (!_living.Contains(request))
            _living.Add(request);
        Placed++;
    }

    private void Leave(PlacementRequest request)
    {
        _living.Remove(request);
        for (var index = 0; index < _machines.Count; index++)
        {
            var machine = Binding.Release(_machines[index], request.WorkspaceUid, Start.AddMinutes(_next));
            _machines[index] = machine.BoughtFor == request.WorkspaceUid ? machine with { BoughtFor = null } : machine;
        }
    }

    private void Change(int index)
    {
        var machine = _machines[index];
        switch (_dice.Next(6))
        {
            case 0:
                _machines[index] = machine with { Stage = MachineStage.Ready, IsReachable = true };
                break;
            case 1:
                _machines[index] = machine with { IsReachable = !machine.IsReachable };
                break;
            case 2:
                _machines[index] = machine with { Disk = _dice.Any([DiskLevel.Full, DiskLevel.Sufficient]) };
                break;
            case 3:
                _machines[index] = machine with { Stage = _dice.Any([MachineStage.Draining, MachineStage.Failed]) };
                break;
            case 4:
                _machines[index] = machine with { IsDeleting = true };
                break;
            default:
                // The VM is lost; whoever was on it comes again.
                _machines.RemoveAt(index);
                break;
        }
    }
}
