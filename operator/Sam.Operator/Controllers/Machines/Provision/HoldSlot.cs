using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Operator.Policy;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// The last gate before money is spent: the policy allows what may be bought, the Project starts new things, and has a slot for what this very
/// token pays. Whoever made the Machine took the slot already, unless another credential came to pay since.
/// </summary>
internal sealed class HoldSlot(IPlatformPolicies policies, IResourceStore<Project> projects, IProjectSlots slots)
    : IStep<MachineContext>
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PolicyRecheck = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(MachineContext context, CancellationToken cancellationToken)
    {
        var machine = context.Machine;
        var home = machine.Metadata.NamespaceProperty;
        if (machine.Status is { ServerId: not null } or { Claim: not null })
            return StepResult.Continue();
        if (Forbidden(machine) is { } forbidden)
            return StepResult.Stop(Provisioned.PolicyForbids, forbidden, PolicyRecheck);
        if (machine.Spec.ProjectRef is not { } reference)
            return StepResult.Continue();
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

    // Any of the offers may be the one that is bought.
    private string? Forbidden(Machine machine) =>
        machine
            .Spec.Offers.Select(offer =>
                policies.Current.ForbidsMachine(machine.Metadata.NamespaceProperty, null, offer.ServerType)
            )
            .FirstOrDefault(why => why is not null);
}
