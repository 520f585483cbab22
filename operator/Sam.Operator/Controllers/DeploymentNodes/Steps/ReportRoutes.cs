using Sam.Compose.Rules;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Tells whether all routes are served, or which host two apps want.</summary>
internal sealed class ReportRoutes : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => RoutesReady.Type;

    public Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var domain = context.Node.Spec.Domain;
        var ownership = RouteConflicts.Resolve(
            context.Apps.Where(app => app.Metadata.DeletionTimestamp is null).Select(app => AppRoutes.Claim(app, domain))
        );
        return Task.FromResult(
            ownership.Conflicts.IsEmpty
                ? StepResult.Continue(RoutesReady.AllServed, $"{context.Node.Status.Apps.Count} apps are served")
                : StepResult.Continue(
                    RoutesReady.HostConflict,
                    string.Join("; ", ownership.Conflicts.Select(conflict => $"{conflict.Place} stays with {conflict.OwnerName}"))
                )
        );
    }
}
