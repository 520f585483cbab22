using System.Text.Json.Nodes;
using k8s;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>
/// Passes on to the Machine what may change while it lives: volumes, the address' policy, what happens at its end; and what to buy, as long as nothing was bought.
/// </summary>
[Rbac<Machine>("patch")]
internal sealed class AlignMachine(IResourceClient<Machine> machines) : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        if (context.Machine is not { } machine)
            return StepResult.Continue();
        var node = context.Node;
        var wanted = NodeMachine.New(node, context.Project).Spec;
        var spec = new JsonObject();
        // While the VM that was replaced has them, another volume would be bought and another address kept.
        if (node.Status.Replacement?.Phase is null or ReplacementPhase.Preparing or ReplacementPhase.TakingOver)
        {
            Differ(spec, "volumes", machine.Spec.Volumes ?? [], wanted.Volumes ?? []);
            Differ(spec, "address", machine.Spec.Address, wanted.Address);
        }

        // All that was handed over has come.
        if (node.Status.Replacement is null)
            Differ(spec, "takesOverFrom", machine.Spec.TakesOverFrom, null);
        Differ(spec, "deletionPolicy", machine.Spec.DeletionPolicy, wanted.DeletionPolicy);
        if (machine.Status.ServerId is null)
        {
            Differ(spec, "offers", machine.Spec.Offers, wanted.Offers);
            Differ(spec, "image", machine.Spec.Image, wanted.Image);
            Differ(spec, "maxHourlyPrice", machine.Spec.MaxHourlyPrice, wanted.MaxHourlyPrice);
        }

        if (spec.Count > 0)
            await machines.MergePatchAsync(
                node.Metadata.NamespaceProperty,
                machine.Metadata.Name,
                new JsonObject { ["spec"] = spec }.ToJsonString(),
                null,
                cancellationToken
            );
        return StepResult.Continue();
    }

    private static void Differ<T>(JsonObject patch, string field, T has, T wanted)
    {
        var (before, after) = (Json(has), Json(wanted));
        if (!JsonNode.DeepEquals(before, after))
            patch[field] = after;
    }

    private static JsonNode? Json<T>(T value) => value is null ? null : JsonNode.Parse(KubernetesJson.Serialize(value));
}
