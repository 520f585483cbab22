using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Tells which apps on the node are in trouble. For reading only.</summary>
internal sealed class ReportApps : IStep<DeploymentNodeContext>
{
    public ConditionType? Condition => AppsHealthy.Type;

    public Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        context.Node.Status.AppCount = context.Apps.Count;
        var unready = context
            .Apps.Where(app => !app.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" }))
            .Select(app => app.Metadata.Name)
            .ToList();
        return Task.FromResult(
            unready.Count == 0
                ? StepResult.Continue(AppsHealthy.AllHealthy, $"{context.Apps.Count} apps are Ready")
                : StepResult.Continue(AppsHealthy.SomeUnready, $"Not Ready: {string.Join(", ", unready)}")
        );
    }
}
