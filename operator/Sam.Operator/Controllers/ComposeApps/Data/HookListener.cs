using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>A command to follow.</summary>
internal sealed record HookSource(
    MachineEndpoint Endpoint,
    string ExecId,
    string ContainerId,
    DateTimeOffset StartedAt,
    DateTimeOffset Deadline
);

/// <summary>
/// Starts the command that an app's status names, and follows it to its end, beside all reconciles: for an hour, if it takes that long. The engine starts
/// a command once at most, so whoever leads next, after whatever crash, may try again: one that runs is waited for, one that ended is asked how.
/// </summary>
internal sealed class HookListener(
    IMachineLinks links,
    HookOutcomes outcomes,
    IResourceStore<DeploymentNode> nodes,
    IResourceStore<Machine> machines,
    IRequeue<ComposeApp> wake,
    TimeProvider time
) : IListener<ComposeApp, HookSource>
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(5);

    public string Name => "volumehooks";

    public HookSource? SourceOf(ComposeApp entity)
    {
        if (entity is not { Metadata.DeletionTimestamp: null, Status.Hook: { } hook })
            return null;
        var home = entity.Metadata.NamespaceProperty;
        var reference = nodes.Get(home, entity.Spec.NodeRef.Name)?.Status.MachineRef;
        var machine = reference is null ? null : machines.Get(home, reference.Name);
        return machine?.Spec.MachineId == hook.MachineId && machine.Status.PublicIPv4 is { } address
            ? new HookSource(
                new MachineEndpoint(hook.MachineId, address),
                hook.ExecId,
                hook.ContainerId,
                hook.StartedAt,
                hook.Deadline
            )
            : null;
    }

    public async Task ListenAsync(ObjectKey key, HookSource source, CancellationToken cancellationToken)
    {
        if (outcomes.Find(source.ExecId) is null)
            outcomes.Put(source.ExecId, await FollowAsync(links.For(source.Endpoint), source, cancellationToken));
        wake.Enqueue(key.Namespace, key.Name);
        // The app's next run writes it down, and with that this stream ends.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    private async Task<HookOutcome> FollowAsync(IMachineLink link, HookSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await link.InspectExecAsync(source.ExecId, cancellationToken);
            var left = source.Deadline - time.GetUtcNow();
            switch (state)
            {
                case null:
                    return new HookOutcome(HookResult.Interrupted, "The engine does not know the command any more");
                case { ExitCode: { } code }:
                    return await EndedAsync(link, source, new ExecResult(code, "", ""), isHeard: false, cancellationToken);
                case { Running: true } when left <= TimeSpan.Zero:
                    return new HookOutcome(
                        HookResult.TimedOut,
                        "It did not end in time and still runs; it ends with its container, or by your hand"
                    );
                case { Running: true }:
                    await Task.Delay(left < s_poll ? left : s_poll, time, cancellationToken);
                    continue;
                case var _ when left <= TimeSpan.Zero:
                    return new HookOutcome(HookResult.Interrupted, "It was not started in time");
                default:
                    if (await StartAsync(link, source, left, cancellationToken) is { } outcome)
                        return outcome;
                    continue;
            }
        }
    }

    /// <summary>Null if somebody else started it, or nobody hears it any more: then it is asked how it stands.</summary>
    private static async Task<HookOutcome?> StartAsync(
        IMachineLink link,
        HookSource source,
        TimeSpan left,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await link.StartExecAsync(source.ExecId, left, cancellationToken);
            return await EndedAsync(link, source, result, isHeard: true, cancellationToken);
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Unreachable)
        {
            return null;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Conflict or EngineErrorKind.NotFound)
        {
            var state = await link.InspectExecAsync(source.ExecId, cancellationToken);
            return state is { Running: false, ExitCode: null } or null
                ? new HookOutcome(HookResult.Interrupted, "Its container does not run any more")
                : null;
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Invalid or EngineErrorKind.Server)
        {
            return new HookOutcome(HookResult.Failed, $"It could not be started: {e.Message}");
        }
    }

    private static async Task<HookOutcome> EndedAsync(
        IMachineLink link,
        HookSource source,
        ExecResult result,
        bool isHeard,
        CancellationToken cancellationToken
    )
    {
        if (result.ExitCode == 0)
            return new HookOutcome(HookResult.Succeeded, "", isHeard ? result.Error : null);
        var container = await link.InspectContainerAsync(source.ContainerId, cancellationToken);
        var code = result.ExitCode.ToString(CultureInfo.InvariantCulture);
        // One that was started again since is another run of it.
        return container is { State: ContainerState.Running } && container.StartedAt <= source.StartedAt
            ? new HookOutcome(HookResult.Failed, $"Exit code {code}", isHeard ? result.Error : null)
            : new HookOutcome(HookResult.Interrupted, $"Its container ended under it (exit code {code})");
    }
}
