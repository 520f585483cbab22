using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>
/// Once a release is decided, removes the images that no rollback within reach needs; at every look while the node's disk is tight. An older
/// release is still there to roll back to: its images are pulled again, with a fresh login.
/// </summary>
internal sealed class TidyImages(ImageTidying tidying) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => null;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var (app, status) = (context.App, context.App.Status);
        var isTight = NodeDiskState.IsTight(context.Node);
        // Forgetting a release forgets its images: they go first.
        var isDue = status.ImagesTidiedFor != status.DesiredRelease || KeptReleases.Spare(app).Any() || isTight;
        if (context.Link is not { } link || !isDue || !IsDecided(status))
            return StepResult.Continue();
        var goodBefore = isTight ? ImageRetention.GoodBeforeWhileFull : ImageRetention.GoodBefore;
        await tidying.TidyAsync(app, link, goodBefore, cancellationToken);
        status.ImagesTidiedFor = status.DesiredRelease;
        return StepResult.Continue();
    }

    private static bool IsDecided(ComposeAppStatus status) =>
        status.ApplyState is ApplyState.Applied or ApplyState.Reverted or ApplyState.FailedInitial;
}
