using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>
/// Replaces the VM when the spec asks for another one: the new one is made and Caddy is brought there with its certificates; then it becomes the node's,
/// apps come up on it while the old one serves; then addresses follow, and the old one goes. One phase a state, each harmless to repeat.
/// </summary>
internal sealed class ReplaceMachine(Successor successor, CaddyMove caddy, Retirement retirement, IEventRecorder events)
    : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    // Records that lead to the old address live for a minute as SAM writes them; others are given four more.
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(5);

    public ConditionType? Condition => MachineCurrent.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        // Somebody deleted it: the step behind this one makes it again.
        if (context.Node.Status.Replacement is not null && context.Machine is null)
            return Replacing(context, "the node's Machine is made again");
        try
        {
            return await StepAsync(context, cancellationToken);
        }
        catch (EngineException e)
        {
            // The VM that serves is cared for all the same: this is tried again.
            return context.Node.Status.Replacement is null
                ? StepResult.Continue(MachineCurrent.ReplacementBlocked, e.Message, TimeSpan.FromMinutes(1))
                : Replacing(context, e.Message);
        }
    }

    private async Task<StepResult> StepAsync(DeploymentNodeContext context, CancellationToken cancellationToken) =>
        context.Node.Status.Replacement?.Phase switch
        {
            null => await ConsiderAsync(context, cancellationToken),
            ReplacementPhase.Preparing => await PrepareAsync(context, cancellationToken),
            ReplacementPhase.Moving => await MoveAsync(context, cancellationToken),
            ReplacementPhase.Draining => await DrainOldAsync(context, cancellationToken),
            ReplacementPhase.Retiring => await RetireAsync(context, cancellationToken),
            ReplacementPhase.TakingOver => TakeOver(context),
            var other => throw new InvalidOperationException($"Unhandled phase {other}"),
        };

    private async Task<StepResult> ConsiderAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        if (context.Machine is not { } machine)
            return StepResult.Continue(MachineCurrent.Current, "The first VM is made as spec.cloud asks");
        if (ReplacementRule.Why(context.Node, context.Project, machine) is not { } why)
            return StepResult.Continue(MachineCurrent.Current, $"Machine {machine.Metadata.Name} is what spec.cloud asks for");
        if (await DataGuard.ObstacleAsync(context, cancellationToken) is { } obstacle)
            return StepResult.Continue(MachineCurrent.ReplacementBlocked, $"{why}; {obstacle}", TimeSpan.FromMinutes(1));
        await successor.BeginAsync(context, why, cancellationToken);
        return Replacing(context, "a new VM is being made, and the old one serves");
    }

    private async Task<StepResult> PrepareAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var replacement = context.Node.Status.Replacement!;
        if (await successor.EnsureAsync(context, cancellationToken) is not { } next)
            return Replacing(context, "what is asked for changed, and the VM that was begun is given back");
        if (!ReplacementRule.IsReady(next) || context.Other.Link is null)
            return Replacing(context, $"Machine {next.Metadata.Name} is not Ready yet: {Successor.Told(next)}");
        if (await caddy.PrepareAsync(context, cancellationToken) is { } waiting)
            return Replacing(context, waiting.Message);
        // Asked again: the new VM may have been waited for for hours, and an app may have got a volume meanwhile.
        if (await DataGuard.ObstacleAsync(context, cancellationToken) is { } obstacle)
            return StepResult.Continue(
                MachineCurrent.ReplacementBlocked,
                $"{replacement.Why}; {obstacle}",
                TimeSpan.FromMinutes(1)
            );
        replacement.Phase = ReplacementPhase.Moving;
        replacement.WaitsFor = [.. context.Apps.Where(IsServing).Select(app => app.Metadata.Name).Take(200)];
        var old = context.Node.Status;
        ((replacement.MachineId, old.MachineId), (replacement.MachineRef, old.MachineRef)) = (
            (old.MachineId!, replacement.MachineId),
            (old.MachineRef!, replacement.MachineRef)
        );
        // What the old Caddy served says nothing of the new one.
        (old.AdoptedServerId, old.Caddy, old.Apps) = (null, null, []);
        await context.Run.CheckpointAsync(cancellationToken);
        context.Swap();
        return Replacing(context, "apps come up on the new VM, and the old one serves");
    }

    private async Task<StepResult> MoveAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        await retirement.NameHeirAsync(context, context.Other.Machine, cancellationToken);
        var (status, replacement) = (context.Node.Status, context.Node.Status.Replacement!);
        if (Unready(context) is { } unready)
            return Replacing(context, unready);
        var missing = context
            .Apps.Where(app => replacement.WaitsFor?.Contains(app.Metadata.Name) == true)
            .Where(app => app.Metadata.DeletionTimestamp is null && app.Spec.Suspend != true)
            .Where(app => !IsServing(app) || app.Status.MachineId != status.MachineId)
            .Select(app => app.Metadata.Name)
            .ToList();
        if (missing.Count > 0)
            return Replacing(context, $"the old VM serves until these serve on the new one: {string.Join(", ", missing)}");
        // An address that moves needs no DNS to follow, and leads to the old VM for as long as that one has it.
        var moves = context.Node.Spec.Address == AddressPolicy.Kept && context.Other.Machine?.Status.PrimaryIPv4Id is not null;
        replacement.Phase = moves ? ReplacementPhase.Retiring : ReplacementPhase.Draining;
        replacement.DrainUntil = moves ? null : context.Run.Now + Drain;
        replacement.DownSince = moves ? context.Run.Now : null;
        return Replacing(context, "all apps serve on the new VM");
    }

    private async Task<StepResult> DrainOldAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        await retirement.NameHeirAsync(context, context.Other.Machine, cancellationToken);
        var replacement = context.Node.Status.Replacement!;
        if (context.Run.Now < replacement.DrainUntil && context.Other.Machine is { } old && !ReplacementRule.IsLost(old))
            return Replacing(
                context,
                $"the new VM serves at {context.Node.Status.PublicIPv4}; the old one goes on until {replacement.DrainUntil:HH:mm:ss} UTC, for those whose DNS is old"
            );
        if (Unready(context) is { } unready)
            return Replacing(context, unready);
        replacement.Phase = ReplacementPhase.Retiring;
        return Replacing(context, "the old VM is given back");
    }

    private async Task<StepResult> RetireAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        if (await retirement.RunAsync(context, cancellationToken) is { } left)
            return Replacing(context, left);
        context.Node.Status.Replacement!.Phase = ReplacementPhase.TakingOver;
        return TakeOver(context);
    }

    private StepResult TakeOver(DeploymentNodeContext context)
    {
        if (Missing(context.Node, context.Machine!) is { } left)
            return Replacing(context, left);
        var (status, replacement) = (context.Node.Status, context.Node.Status.Replacement!);
        status.LastReplacement = new NodeReplaced
        {
            From = replacement.MachineRef.Name,
            To = status.MachineRef!.Name,
            StartedAt = replacement.StartedAt,
            FinishedAt = context.Run.Now,
            Downtime = replacement.DownSince is { } since ? new Duration(Whole(context.Run.Now - since)) : null,
        };
        status.Replacement = null;
        events.Record(
            context.Node,
            "MachineReplaced",
            $"Machine {status.MachineRef.Name} took the place of {replacement.MachineRef.Name}"
        );
        return StepResult.Continue(MachineCurrent.Current, $"Machine {status.MachineRef.Name} is what spec.cloud asks for");
    }

    /// <summary>Why the old VM has to serve on; null if the new one does.</summary>
    private static string? Unready(DeploymentNodeContext context) =>
        !ReplacementRule.IsReady(context.Machine!)
            ? $"Machine {context.Machine!.Metadata.Name}: {Successor.Told(context.Machine)}"
        : context.Node.Status.Caddy is null ? "the old VM serves until Caddy does on the new one"
        : null;

    private static string? Missing(DeploymentNode node, Machine machine) =>
        node.Spec.Address == AddressPolicy.Kept && machine.Status.PrimaryIPv4Id is null
            ? $"its address moves to Machine {machine.Metadata.Name}; it cannot be reached meanwhile"
        : (node.Spec.Volumes ?? []).Any(volume =>
            machine.Status.Volumes.All(held => held.Name != volume.Name || held.Attached == false)
        )
            ? $"volumes are attached to Machine {machine.Metadata.Name}"
        : ReplacementRule.IsReady(machine) ? null
        : $"Machine {machine.Metadata.Name}: {Successor.Told(machine)}";

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));

    private static StepResult Replacing(DeploymentNodeContext context, string message)
    {
        var replacement = context.Node.Status.Replacement;
        return StepResult.Continue(MachineCurrent.Replacing, $"{replacement?.Why}: {message}", Poll);
    }

    // Not Ready: an app whose last release was taken back is not, and serves.
    private static bool IsServing(ComposeApp app) =>
        app.Status.AppliedRelease is not null
        && app.Status.Conditions.Any(condition =>
            condition.Type == ComposeAppConditions.InSync.Type.Name && condition.Status == "True"
        );
}
