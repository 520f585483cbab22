using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>What a node's conditions add up to. An app in trouble does not make its node unready.</summary>
internal sealed class DeploymentNodeConditionSet : IConditionSet<DeploymentNode>
{
    public IReadOnlyList<ConditionType> All => DeploymentNodeConditions.All;

    public IReadOnlyList<ConditionType> ForReady => DeploymentNodeConditions.ForReady;

    public void Derive(DeploymentNode entity) { }
}
