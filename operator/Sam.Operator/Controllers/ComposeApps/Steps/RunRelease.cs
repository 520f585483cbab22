using Sam.Compose.Model;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Observe, plan, execute: brings the wanted release up beside the one that serves, or puts the last good one back.</summary>
internal sealed class RunRelease(
    Releases releases,
    PlanExecutor executor,
    DriftReport drift,
    Suspension suspension,
    ImageTidying images
) : IStep<ComposeAppContext>
{
    private const int RoundsPerRun = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DiskRecheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(10);

    public ConditionType? Condition => Applied.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        if (context.App.Spec.Suspend == true)
            return await suspension.TakeDownAsync(context, cancellationToken);
        return (context.App.Spec.RollbackTo ?? context.App.Status.DesiredRelease) is { } wanted
            ? await RunAsync(context, wanted, cancellationToken)
            : StepResult.Requeue(Poll, Applied.Applying, "No release is recorded yet");
    }

    private async Task<StepResult> RunAsync(ComposeAppContext context, long wanted, CancellationToken cancellationToken)
    {
        var status = context.App.Status;
        var record = status.Releases.FirstOrDefault(release => release.Number == wanted);
        var failed = record?.Outcome == ReleaseOutcome.Failed;
        var isHeld = IsHeld(context, wanted, record);
        if (isHeld && status.AppliedRelease is null)
            return Held(context, wanted);
        var target = failed || isHeld ? status.AppliedRelease : wanted;
        var release = target is { } number ? await releases.FindAsync(context.App, number, cancellationToken) : null;
        if (target is not null && release is null)
            return context.HaltWith(
                Applied.ReleaseLost,
                $"Secret of release {target} is gone; change the spec to make a new release"
            );

        // The deadline of one release is never that of another, also not of one that is rolled back to.
        if (status.ApplyingRelease != target)
            (status.ApplyingRelease, status.ApplyStartedAt) = (target, null);
        var desired = DesiredOf(context.App, target, release);
        images.Hold(context.App.Metadata.Uid, desired.Services.Select(service => service.Spec.Image));
        var fault = await BringAboutAsync(context, desired, wanted, cancellationToken);
        if (fault is not null)
            return fault;
        if (isHeld)
            return Held(context, wanted);
        return failed ? Reverted(context, wanted, record!) : Served(context, wanted, release!);
    }

    // A new one only, and only before it began: what runs already, or ran once, needs no more room.
    private static bool IsHeld(ComposeAppContext context, long wanted, ReleaseStatus? record) =>
        wanted == context.App.Status.DesiredRelease
        && record?.Outcome == ReleaseOutcome.Pending
        && (context.App.Status.ApplyingRelease != wanted || context.App.Status.ApplyStartedAt is null)
        && NodeDiskState.IsFull(context.Node);

    private static StepResult Held(ComposeAppContext context, long wanted) =>
        context.HaltWith(
            Applied.NodeDiskFull,
            $"Release {wanted} is not begun: DeploymentNode {context.Node!.Metadata.Name}: {NodeDiskState.Text(context.Node)}",
            DiskRecheck
        );

    /// <summary>Null once nothing is left to do, or once an applied release is as well as it can be made now.</summary>
    private async Task<StepResult?> BringAboutAsync(
        ComposeAppContext context,
        Desired desired,
        long wanted,
        CancellationToken cancellationToken
    )
    {
        for (var round = 0; round < RoundsPerRun; round++)
        {
            var observed = await EngineView.ObserveAsync(
                context.Link!,
                desired,
                context.Run.TimeProvider.GetUtcNow(),
                cancellationToken
            );
            ServiceReport.Write(context.App.Status, desired, observed);
            var verdict = ReleaseJudge.Judge(desired, observed, Deadline(context.App, desired));
            context.Verdict = verdict;
            if (verdict is Verdict.Failed(var service, var reason, _, var message) && !desired.Applied)
                return Fail(context, wanted, $"services.{service}: {reason}: {message}");

            var plan = DeployPlanner.Plan(desired, observed);
            context.InSync = plan.IsEmpty;
            context.App.Status.Plan = plan.IsEmpty ? null : [.. PlanText.Lines(plan, ComposeAppStatus.PlanLines)];
            if (plan.IsEmpty)
            {
                context.App.Status.MachineId = context.Machine!.Spec.MachineId;
                return null;
            }

            drift.Tell(context, desired, observed);
            if (!desired.Applied && !plan.Operations.Any(operation => operation is Operation.PullImage))
                context.App.Status.ApplyStartedAt ??= context.Run.Now;
            if (await ExecuteAsync(context, plan, desired, wanted, cancellationToken) is { } stopped)
                return stopped;
            if (desired.Applied && context.Verdict is not Verdict.Healthy && plan.Operations.Any(operation => operation.IsAwait))
                return null;
        }

        return StepResult.Requeue(AtOnce, Applied.Applying, $"Release {desired.Release} is being applied");
    }

    private async Task<StepResult?> ExecuteAsync(
        ComposeAppContext context,
        DeployPlan plan,
        Desired desired,
        long wanted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var awaited = await executor.RunAsync(plan, context.App, context.Link!, cancellationToken);
            if (awaited is null || desired.Applied)
                return null;
            context.App.Status.ApplyState = ApplyState.Applying;
            var waiting = context.Verdict is Verdict.Progressing progress ? progress.Message : PlanText.Line(awaited);
            return StepResult.Requeue(Poll, Applied.Applying, $"Release {desired.Release}: {waiting}");
        }
        catch (EngineException e)
            when (!desired.Applied
                && e.Kind is EngineErrorKind.Invalid or EngineErrorKind.ImageNotFound or EngineErrorKind.NameTaken
            )
        {
            return Fail(context, wanted, e.Message);
        }
    }

    private static StepResult Fail(ComposeAppContext context, long wanted, string message)
    {
        var status = context.App.Status;
        if (status.Releases.FirstOrDefault(release => release.Number == wanted) is { } record)
        {
            record.Outcome = ReleaseOutcome.Failed;
            record.Message = message.Length <= ConditionWriter.MessageLimit ? message : message[..ConditionWriter.MessageLimit];
        }

        status.ApplyState = ApplyState.Failed;
        return StepResult.Requeue(AtOnce, Applied.Applying, $"Release {wanted} failed: {message}; it is being taken back");
    }

    private static StepResult Served(ComposeAppContext context, long wanted, ReleaseSpec release)
    {
        var status = context.App.Status;
        status.AppliedRelease = wanted;
        status.ApplyState = ApplyState.Applied;
        if (status.Releases.FirstOrDefault(kept => kept.Number == wanted) is { } record)
            record.Outcome = ReleaseOutcome.Applied;
        context.Serving = release;
        return StepResult.Continue(Applied.ReleaseApplied, $"Release {wanted} runs");
    }

    private StepResult Reverted(ComposeAppContext context, long wanted, ReleaseStatus record)
    {
        var status = context.App.Status;
        if (status.AppliedRelease is not { } serving)
        {
            status.ApplyState = ApplyState.FailedInitial;
            return StepResult.Stop(
                Applied.FailedInitial,
                $"Release {wanted} failed and there is none to go back to: {record.Message}"
            );
        }

        status.ApplyState = ApplyState.Reverted;
        return context.HaltWith(Applied.ReleaseReverted, $"Release {wanted} failed, release {serving} serves: {record.Message}");
    }

    private static Desired DesiredOf(ComposeApp app, long? target, ReleaseSpec? release)
    {
        var desired = release is null
            ? new Desired { Uid = app.Metadata.Uid, Release = 0 }
            : DesiredRelease.Resolve(app.Metadata.Uid, target!.Value, release);
        return desired with
        {
            Applied = target is not null && app.Status.AppliedRelease == target,
            StableTime = app.Spec.StableTime.Value,
            DrainGrace = app.Spec.DrainTime.Value,
        };
    }

    private static DateTimeOffset? Deadline(ComposeApp app, Desired desired) =>
        desired.Applied ? null : app.Status.ApplyStartedAt + app.Spec.HealthTimeout.Value;
}
