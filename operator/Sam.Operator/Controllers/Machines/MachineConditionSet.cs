using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines;

/// <summary>What a Machine's conditions add up to; the one place that derives its phase.</summary>
internal sealed class MachineConditionSet : IConditionSet<Machine>
{
    public IReadOnlyList<ConditionType> All => MachineConditions.All;

    public IReadOnlyList<ConditionType> ForReady => MachineConditions.All;

    public void Derive(Machine entity) =>
        entity.Status.Phase =
            entity.Metadata.DeletionTimestamp is not null ? MachinePhase.Deleting
            : entity.Status.Conditions.Any(condition => condition is { Type: "Stalled", Status: "True" }) ? MachinePhase.Failed
            : Holds(entity, Reachable.Type) && Holds(entity, Booted.Type) ? MachinePhase.Ready
            : Holds(entity, Booted.Type) ? MachinePhase.Unreachable
            : Holds(entity, Provisioned.Type) ? MachinePhase.Booting
            : entity.Status.ServerId is not null || entity.Status.Claim is not null ? MachinePhase.Creating
            : MachinePhase.Pending;

    private static bool Holds(Machine machine, ConditionType type) =>
        machine.Status.Conditions.Any(condition => condition.Type == type.Name && condition.Status == "True");
}
