using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>An app that is suspended: its routes go, then its containers and networks; volumes and releases stay.</summary>
internal sealed class Suspension(PlanExecutor executor)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    // A node that cannot tell Caddy must not hold it up.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>One round; nothing is left to do once it says Continue.</summary>
    public async Task<StepResult> TakeDownAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var status = context.App.Status;
        (status.Routes, status.RoutesHash) = ([], AppRoutes.HashOf([]));
        if (Serves(context) && context.Run.Now - context.Run.StepStartedAt < Longest)
            return StepResult.Requeue(Again, Applied.Suspended, "Caddy drops its routes first");

        var wanted = new Desired { Uid = context.App.Metadata.Uid, Release = 0 };
        var observed = await EngineView.ObserveAsync(context.Link!, wanted, context.Run.Now, cancellationToken);
        var plan = DeployPlanner.Teardown(observed, keepVolumes: true);
        status.Plan = plan.IsEmpty ? null : [.. PlanText.Lines(plan, ComposeAppStatus.PlanLines)];
        if (!plan.IsEmpty)
        {
            await executor.RunAsync(plan, context.App, context.Link!, cancellationToken);
            return StepResult.Requeue(Again, Applied.Suspended, $"{observed.Containers.Length} containers are taken down");
        }

        (status.ApplyState, status.Services, status.ApplyingRelease) = (ApplyState.Suspended, [], null);
        context.InSync = true;
        return StepResult.Continue(
            Applied.Suspended,
            $"{observed.Volumes.Length} volumes are kept; release {status.AppliedRelease} comes back without suspend"
        );
    }

    private static bool Serves(ComposeAppContext context) =>
        context.Node is { Metadata.DeletionTimestamp: null } node
        && node.Status.Apps.Any(app =>
            app.Uid == context.App.Metadata.Uid && app.RoutesHash is { } served && served != context.App.Status.RoutesHash
        );
}
