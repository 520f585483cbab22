using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Removes the app's containers, network and volumes from the engine, and from the one that served before. A node that goes takes them with it.</summary>
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

        foreach (var link in new[] { context.Link, context.Former }.OfType<IMachineLink>())
        {
            var observed = await ObserveAsync(context, link, cancellationToken);
            var plan = DeployPlanner.Teardown(observed, KeepsVolumes(context));
            if (plan.IsEmpty)
                continue;
            await executor.RunAsync(plan, context.App, link, cancellationToken);
            var left = observed.Containers.Length + observed.Networks.Length;
            return StepResult.Requeue(Again, Applied.TearingDown, $"{left} containers and networks were left; looking again");
        }

        await secrets.EmptyAsync(context, [.. context.App.Status.Releases], cancellationToken);
        if (
            KeepsVolumes(context)
            && (await ObserveAsync(context, context.Link, cancellationToken)).Volumes is { Length: > 0 } kept
        )
            events.Record(context.App, "VolumesRetained", $"deletionPolicy is Retain: kept {string.Join(", ", kept)}");
        return StepResult.Continue();
    }

    private static bool KeepsVolumes(ComposeAppContext context) => context.App.Spec.DeletionPolicy == DeletionPolicy.Retain;

    private static Task<Observed> ObserveAsync(
        ComposeAppContext context,
        IMachineLink link,
        CancellationToken cancellationToken
    ) =>
        EngineView.ObserveAsync(
            link,
            new Desired { Uid = context.App.Metadata.Uid, Release = 0 },
            context.Run.Now,
            cancellationToken
        );
}
