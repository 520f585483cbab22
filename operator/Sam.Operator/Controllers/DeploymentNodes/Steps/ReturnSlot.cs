using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Gives the node's slot back once its VM is gone, so that who waits for room goes on at once.</summary>
internal sealed class ReturnSlot(IProjectSlots slots) : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var node = context.Node;
        await slots.ReturnAsync(
            node.Metadata.NamespaceProperty,
            node.Spec.ProjectRef.Name,
            SlotKind.Machine,
            node.Metadata.Uid,
            cancellationToken
        );
        return StepResult.Continue();
    }
}
