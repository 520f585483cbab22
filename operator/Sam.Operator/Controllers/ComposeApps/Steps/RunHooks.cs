using Sam.Compose.Model;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.ComposeApps.Data;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>
/// Writes down how the hook that ran ended, and begins the next one that is due: prepared on the engine, its id in status, and only then started, by
/// <see cref="HookListener"/>. Never waits for a hook, and never holds the app up.
/// </summary>
internal sealed class RunHooks(Releases releases, HookOutcomes outcomes, SecretWords secrets, IEventRecorder events)
    : IStep<ComposeAppContext>
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => DataProtected.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var app = context.App;
        if (app.Status.Hook is { } hook && OutcomeOf(context, hook) is { } outcome)
            await EndAsync(context, hook, outcome, cancellationToken);
        var wait = app.Status.Hook is null ? await BeginAsync(context, cancellationToken) : null;
        HookJournal.Tidy(app);
        var (reason, message) = DataVerdict.Of(app);
        return StepResult.Continue(reason, Told(app, wait, message), wait is null ? NextLook(context) : s_again);
    }

    // The hook's own words are cut before what is said about the future.
    private static string Told(ComposeApp app, string? wait, string message) =>
        app.Status.Hook is { } runs ? $"{runs.Action} of {runs.Volume} runs; {message}"
        : wait is null ? message
        : $"{wait}; {message}";

    private static TimeSpan? NextLook(ComposeAppContext context)
    {
        var now = context.Run.Now;
        var next = context.App.Status.Hook is { } hook ? hook.Deadline + s_again : HookAgenda.NextAt(context.App, now);
        return next is null ? null
            : next - now > s_again ? next - now
            : s_again;
    }

    private HookOutcome? OutcomeOf(ComposeAppContext context, HookStatus hook) =>
        outcomes.Find(hook.ExecId)
        ?? (
            context.Machine?.Spec.MachineId == hook.MachineId
                ? null
                : new HookOutcome(HookResult.Interrupted, "The Machine that it ran on is gone")
        );

    private async Task EndAsync(
        ComposeAppContext context,
        HookStatus hook,
        HookOutcome outcome,
        CancellationToken cancellationToken
    )
    {
        var app = context.App;
        var release = await ServingAsync(context, cancellationToken);
        // Cut only after the secrets are out: half of one would not be found.
        var words = await secrets.RedactAsync(app, release, outcome.Words ?? "", cancellationToken);
        var message = HookJournal.Message(outcome.Message, words);
        HookJournal.End(app.Status, hook, outcome.Result, message, context.Run.Now);
        await context.Run.CheckpointAsync(cancellationToken);
        outcomes.Forget(hook.ExecId);
        events.Record(
            app,
            $"{hook.Action}{outcome.Result}",
            $"{hook.Action} of {hook.Volume} in {hook.Service}: {outcome.Result}. {message}",
            isWarning: outcome.Result != HookResult.Succeeded
        );
    }

    /// <summary>Begins the hook that is due; what it waits for, if it cannot begin yet.</summary>
    private async Task<string?> BeginAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var (app, now) = (context.App, context.Run.Now);
        if (context.Link is not { } link || app.Spec.Suspend == true || HookAgenda.Due(app, now) is not { } due)
            return null;
        if (await ServingAsync(context, cancellationToken) is not { } release)
            return $"{due.Action} of {due.Volume} waits for a release that serves";
        if (app.Status.OverdueExec is { } overdue)
        {
            if (await link.InspectExecAsync(overdue, cancellationToken) is { Running: true })
                return $"{due.Action} of {due.Volume} waits for the command that did not end in time; end it, or its container";
            app.Status.OverdueExec = null;
        }

        if (await ContainerAsync(link, app, release, due.Service, cancellationToken) is not { } container)
            return $"{due.Action} of {due.Volume} waits for a running container of service {due.Service}";
        var execId = await link.CreateExecAsync(container, due.Command, cancellationToken);
        HookJournal.Begin(
            app,
            due,
            new HookStatus
            {
                Volume = due.Volume,
                Action = due.Action,
                Service = due.Service,
                MachineId = context.Machine!.Spec.MachineId,
                ContainerId = container,
                ExecId = execId,
                StartedAt = now,
                Deadline = now + due.Timeout,
            }
        );
        // Durable before it is started; who finds it in status starts it, and the engine lets one of them.
        await context.Run.CheckpointAsync(cancellationToken);
        return null;
    }

    private async Task<ReleaseSpec?> ServingAsync(ComposeAppContext context, CancellationToken cancellationToken) =>
        context.Serving
        ?? (
            context.App.Status.AppliedRelease is { } number
                ? await releases.FindAsync(context.App, number, cancellationToken)
                : null
        );

    private static async Task<string?> ContainerAsync(
        IMachineLink link,
        ComposeApp app,
        ReleaseSpec release,
        string service,
        CancellationToken cancellationToken
    )
    {
        var uid = app.Metadata.Uid;
        var hashes = DesiredRelease
            .Resolve(uid, app.Status.AppliedRelease!.Value, release)
            .Services.Where(wanted => wanted.Name == service)
            .Select(wanted => wanted.Spec.Hash)
            .ToList();
        var containers = await link.ListContainersAsync(EngineNames.AppLabels(uid), cancellationToken);
        return containers
            .Where(container =>
                container.State == ContainerState.Running
                && hashes.Contains(container.Labels.GetValueOrDefault(EngineNames.SpecLabel, ""))
            )
            // The first replica, so that a repeated backup finds what the last one left.
            .OrderBy(container => hashes.IndexOf(container.Labels[EngineNames.SpecLabel]))
            .FirstOrDefault()
            ?.Id;
    }
}
