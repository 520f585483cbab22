using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Removes the app's containers, network and volumes from the engine. A node that goes takes them with it.</summary>
internal sealed class TearDownApp(PlanExecutor executor, SpentSecrets secrets, IEventRecorder events) : IStep<ComposeAppContext>
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var nodeGoes = context.Node is null or { Metadata.DeletionTimestamp: not null };
        var machineGoes = context.Machine is null or { Metadata.DeletionTimestamp: not null };
        if (nodeGoes || machineGoes || context.Link is null)
            return StepResult.Continue();

        var keepVolumes = context.App.Spec.DeletionPolicy == DeletionPolicy.Retain;
        var uid = context.App.Metadata.Uid;
        var observed = await EngineView.ObserveAsync(
            context.Link,
            new Desired { Uid = uid, Release = 0 },
            context.Run.Now,
            cancellationToken
        );
        var plan = DeployPlanner.Teardown(observed, keepVolumes);
        if (plan.IsEmpty)
        {
            await secrets.EmptyAsync(context, [.. context.App.Status.Releases], cancellationToken);
            if (keepVolumes && observed.Volumes.Length > 0)
                events.Record(
                    context.App,
                    "VolumesRetained",
                    $"deletionPolicy is Retain: kept {string.Join(", ", observed.Volumes)}"
                );
            return StepResult.Continue();
        }

        await executor.RunAsync(plan, context.App, context.Link, cancellationToken);
        var left = observed.Containers.Length + observed.Networks.Length;
        return StepResult.Requeue(Again, Applied.TearingDown, $"{left} containers and networks were left; looking again");
    }
}
