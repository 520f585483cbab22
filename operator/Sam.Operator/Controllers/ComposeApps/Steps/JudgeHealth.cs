using Sam.Compose.Planning;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Tells whether what serves is healthy. A sick service is told and watched; its restart policy is the engine's business.</summary>
internal sealed class JudgeHealth : IStep<ComposeAppContext>
{
    public ConditionType? Condition => Healthy.Type;

    public Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            context.Verdict switch
            {
                Verdict.Healthy => StepResult.Continue(
                    Healthy.AllHealthy,
                    $"{context.App.Status.Services.Count} services are healthy"
                ),
                Verdict.Failed failed => StepResult.Continue(
                    Healthy.ServiceUnhealthy,
                    $"services.{failed.Service}: {failed.Message}"
                ),
                Verdict.Progressing progress => StepResult.Continue(Healthy.ServiceUnhealthy, progress.Message),
                _ => StepResult.Continue(Healthy.AwaitingHealth, "Nothing was observed yet"),
            }
        );
}
