using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// The last gate before money is spent: the Project starts new things, and has a slot for what this very token pays. Whoever made the Machine
/// took the slot already, unless another credential came to pay since.
/// </summary>
internal sealed class HoldSlot(IResourceStore<Project> projects, IProjectSlots slots) : IStep<MachineContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var machine = context.Machine;
        if (machine.Spec.ProjectRef is not { } reference || machine.Status is { ServerId: not null } or { Claim: not null })
            return StepResult.Continue();
        var home = machine.Metadata.NamespaceProperty;
        if (projects.Get(home, reference.Name) is { } project && ProjectStop.Why(project) is { } stopped)
            return StepResult.Requeue(Recheck, Provisioned.ProjectSuspended, stopped);
        var answer = await slots.TakeAsync(
            home,
            reference.Name,
            SlotKind.Machine,
            SlotHolders.Of(machine),
            context.Token!.Source,
            cancellationToken
        );
        return answer switch
        {
            SlotAnswer.Taken => StepResult.Continue(),
            SlotAnswer.Refused(_, _, var why) => StepResult.Requeue(Recheck, Provisioned.LimitExceeded, why),
            SlotAnswer.Suspended(var why) => StepResult.Requeue(Recheck, Provisioned.ProjectSuspended, why),
            SlotAnswer.NoProject => StepResult.Requeue(
                Recheck,
                Provisioned.ProjectSuspended,
                $"Project {reference.Name} is gone; nothing is bought for it"
            ),
            var other => throw new InvalidOperationException($"Unhandled answer {other}"),
        };
    }
}
