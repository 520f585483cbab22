using Sam.Operator.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Proves that the Project exists and that its provider token leads somewhere. A node that runs goes on running without.</summary>
internal sealed class ResolveProvider(ProviderTokens tokens) : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => ProviderManageable.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var node = context.Node;
        var answer = await tokens.ResolveAsync(node.Metadata.NamespaceProperty, node.Spec.ProjectRef.Name, cancellationToken);
        if (answer.Fault is { } fault)
        {
            var reason = fault.ProjectMissing ? ProviderManageable.ProjectNotFound : ProviderManageable.TokenMissing;
            return context.Machine is null
                ? StepResult.Stop(reason, fault.Why)
                : StepResult.Continue(reason, $"{fault.Why}; the node runs on, and cannot be replaced");
        }

        context.PaidBy = answer.Token!.Source;
        var refused = context.Machine?.Status.Conditions.FirstOrDefault(condition =>
            condition is { Type: "Provisioned", Reason: "TokenRefused" }
        );
        return refused is null
            ? StepResult.Continue(ProviderManageable.Manageable, answer.Token.Origin)
            : StepResult.Continue(ProviderManageable.TokenRefused, refused.Message ?? "");
    }
}
