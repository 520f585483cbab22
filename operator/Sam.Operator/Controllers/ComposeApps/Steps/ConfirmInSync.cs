using Sam.Operator.Controllers.DeploymentNodes.Events;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Tells whether anything is left to do on the engine, and looks again after a while: drift makes no change in Kubernetes.</summary>
internal sealed class ConfirmInSync(EngineStreams streams) : IStep<ComposeAppContext>
{
    private static readonly TimeSpan Repair = TimeSpan.FromSeconds(1);

    public ConditionType? Condition => InSync.Type;

    public Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            context.InSync
                ? StepResult.Continue(
                    InSync.NothingToDo,
                    "The engine holds what was planned",
                    streams.LookAgain(context.Machine?.Spec.MachineId)
                )
                : StepResult.Requeue(Repair, InSync.Repairing, "The engine differs from the plan")
        );
}
