using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Operator.Policy;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Lets a node have a new VM only if the policy allows it, the Project starts new things, and has a slot. A VM that is there is not asked about.</summary>
internal sealed class AdmitMachine(IPlatformPolicies policies, IProjectSlots slots) : IStep<DeploymentNodeContext>
{
    // A change of the Project's status or spec wakes the node at once; this is for what no watch tells.
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        if (context.Machine is not null)
            return StepResult.Continue();
        var (node, home) = (context.Node, context.Node.Metadata.NamespaceProperty);
        var order = NodeMachine.OrderOf(node, context.Project);
        if (policies.Current.ForbidsMachine(home, order.Size, order.ServerType) is { } forbidden)
            return StepResult.Stop(NodeHealthy.PolicyForbids, forbidden);
        var answer = await slots.TakeAsync(
            home,
            node.Spec.ProjectRef.Name,
            SlotKind.Machine,
            new SlotHolder("DeploymentNode", node.Metadata.Name, node.Metadata.Uid),
            context.PaidBy,
            cancellationToken
        );
        return answer switch
        {
            SlotAnswer.Taken when ProjectStop.Why(context.Project!) is { } stopped => StepResult.Requeue(
                Recheck,
                NodeHealthy.ProjectSuspended,
                stopped
            ),
            SlotAnswer.Taken => StepResult.Continue(),
            SlotAnswer.Refused(_, _, var why) => StepResult.Requeue(Recheck, NodeHealthy.LimitExceeded, why),
            SlotAnswer.Suspended(var why) => StepResult.Requeue(Recheck, NodeHealthy.ProjectSuspended, why),
            SlotAnswer.NoProject => StepResult.Requeue(
                Recheck,
                NodeHealthy.ProjectSuspended,
                $"Project {node.Spec.ProjectRef.Name} is gone"
            ),
            var other => throw new InvalidOperationException($"Unhandled answer {other}"),
        };
    }
}
