using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>How far the container of the desired spec has come.</summary>
internal enum Progress
{
    /// <summary>No container of this spec.</summary>
    Missing,

    /// <summary>Paused, dead or on its way out: only a new one helps.</summary>
    Unusable,

    /// <summary>Created, or ended although it should run.</summary>
    Startable,

    /// <summary>It runs (or the engine restarts it), but it is not healthy and stable yet.</summary>
    Waiting,

    /// <summary>Healthy and stable, or done.</summary>
    Ready,
}

/// <summary>One service with what the engine shows of it: the one place where containers are judged, for the plan and for the verdict.</summary>
internal sealed record ServiceView(
    DesiredService Service,
    ObservedContainer? Current,
    ImmutableArray<ObservedContainer> Others,
    Progress Progress,
    TimeSpan StableIn
)
{
    public bool NeedsStart => Progress is Progress.Missing or Progress.Unusable or Progress.Startable;

    public bool NeedsCreate => Progress is Progress.Missing or Progress.Unusable;

    /// <summary>What depends_on `service_healthy` asks for: no stable time if a health check answers.</summary>
    public bool Healthy =>
        Progress == Progress.Ready || Current is { State: ContainerState.Running, Health: ContainerHealth.Healthy };

    public static ServiceView Of(DesiredService service, Desired desired, Observed observed)
    {
        var hash = service.Spec.Hash;
        var own = observed
            .Containers.Where(container => container.Service == service.Name && container.Replica == service.Replica)
            .OrderBy(container => container.SpecHash == hash ? 0 : 1)
            .ThenByDescending(container => container.State == ContainerState.Running)
            .ThenBy(container => container.Name, StringComparer.Ordinal)
            .ThenBy(container => container.Id, StringComparer.Ordinal)
            .ToImmutableArray();
        var current = own.FirstOrDefault() is { } first && first.SpecHash == hash ? first : null;
        var stableIn = StableInOf(current, desired, observed);
        return new ServiceView(
            service,
            current,
            current is null ? own : own.RemoveAt(0),
            ProgressOf(service, current, stableIn),
            stableIn
        );
    }

    private static Progress ProgressOf(DesiredService service, ObservedContainer? current, TimeSpan stableIn) =>
        current switch
        {
            null => Progress.Missing,
            { State: ContainerState.Paused or ContainerState.Dead or ContainerState.Removing } => Progress.Unusable,
            { State: ContainerState.Created } => Progress.Startable,
            { State: ContainerState.Exited, ExitCode: 0 } when service.Completion != Completion.Never => Progress.Ready,
            { State: ContainerState.Exited } => Progress.Startable,
            { State: ContainerState.Restarting } => Progress.Waiting,
            _ when service.Completion == Completion.Required => Progress.Waiting,
            { Health: ContainerHealth.None or ContainerHealth.Healthy } when stableIn == TimeSpan.Zero => Progress.Ready,
            _ => Progress.Waiting,
        };

    private static TimeSpan StableInOf(ObservedContainer? current, Desired desired, Observed observed)
    {
        if (current is not { State: ContainerState.Running, StartedAt: { } startedAt })
            return desired.StableTime;
        var left = startedAt + desired.StableTime - observed.Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
