using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>Why a release failed.</summary>
public enum FailureReason
{
    /// <summary>A container ended although it should run, or ended with an error, or ends again and again.</summary>
    ContainerExited,

    /// <summary>Its health check says no.</summary>
    Unhealthy,

    /// <summary>The health gate's deadline passed while it was still on its way.</summary>
    HealthTimeout,
}

/// <summary>How a release stands, judged from what the engine shows.</summary>
public abstract record Verdict
{
    /// <summary>On its way; RetryAfter is the next moment at which time alone may change the verdict.</summary>
    public sealed record Progressing(ImmutableArray<string> WaitingFor, TimeSpan? RetryAfter) : Verdict
    {
        public string Message => string.Join("; ", WaitingFor);
    }

    /// <summary>All services are healthy and stable, or done.</summary>
    public sealed record Healthy : Verdict;

    /// <summary>It will not come up by waiting.</summary>
    public sealed record Failed(string Service, FailureReason Reason, int? ExitCode, string Message) : Verdict;
}

/// <summary>The health gate: all services, not only routed ones, with a minimum stable time.</summary>
public static class ReleaseJudge
{
    // The engine doubles its pause from 100 ms: six ends are about six seconds of failing, more than a database needs to come up.
    private const int MostRestarts = 5;

    /// <summary>Deadline null: the gate never closes by time (a release that is applied already).</summary>
    public static Verdict Judge(Desired desired, Observed observed, DateTimeOffset? deadline)
    {
        ImmutableArray<ServiceView> views =
        [
            .. ServiceOrder.Of(desired.Services).Select(service => ServiceView.Of(service, desired, observed)),
        ];
        foreach (var view in views)
        {
            if (Fault(view, desired.Applied) is { } failed)
                return failed;
        }
        ImmutableArray<ServiceView> waiting = [.. views.Where(view => view.Progress != Progress.Ready)];
        if (waiting.IsEmpty)
            return new Verdict.Healthy();
        if (observed.Now >= deadline)
            return Timeout(waiting[0]);
        return new Verdict.Progressing([.. waiting.Select(Wait)], RetryAfter(waiting, observed, deadline));
    }

    private static Verdict.Failed? Fault(ServiceView view, bool applied)
    {
        var name = view.Service.Name;
        return view.Current switch
        {
            { State: ContainerState.Restarting, Restarts: > MostRestarts } current => new Verdict.Failed(
                name,
                FailureReason.ContainerExited,
                current.ExitCode,
                $"Service {name} ended {current.Restarts} times, last with exit code {current.ExitCode}; see its log"
            ),
            // While it runs the engine shows 0 as its exit code: a moment later it is seen between two runs, with the true one.
            { State: ContainerState.Running, Restarts: > 2 * MostRestarts } current when view.Progress != Progress.Ready =>
                new Verdict.Failed(
                    name,
                    FailureReason.ContainerExited,
                    null,
                    $"Service {name} ended {current.Restarts} times; see its log"
                ),
            { State: ContainerState.Running, Health: ContainerHealth.Unhealthy } => new Verdict.Failed(
                name,
                FailureReason.Unhealthy,
                null,
                $"Service {name} fails its health check; see the check's output in its container"
            ),
            // An applied release is repaired: its stopped container is started again, whoever stopped it.
            { State: ContainerState.Exited } current
                when view.Progress == Progress.Startable && !applied && StaysDown(view.Service, current) => new Verdict.Failed(
                name,
                FailureReason.ContainerExited,
                current.ExitCode,
                $"Service {name} ended with exit code {current.ExitCode}; see its log"
            ),
            _ => null,
        };
    }

    // Under always and unless-stopped the engine leaves a container down only when someone stopped it.
    private static bool StaysDown(DesiredService service, ObservedContainer current) =>
        service.Spec.Restart.Mode switch
        {
            RestartMode.No => true,
            RestartMode.OnFailure => true,
            _ => current.ExitCode != 0 && service.Completion == Completion.Required,
        };

    private static Verdict.Failed Timeout(ServiceView view) =>
        view.Current is { State: ContainerState.Restarting } or { Restarts: > 0, State: ContainerState.Running }
            ? new Verdict.Failed(
                view.Service.Name,
                FailureReason.ContainerExited,
                view.Current.ExitCode,
                $"Service {view.Service.Name} kept ending until the health timeout (exit code {view.Current.ExitCode}); see its log"
            )
            : new Verdict.Failed(
                view.Service.Name,
                FailureReason.HealthTimeout,
                null,
                $"{Wait(view)} when the health timeout passed; raise spec.healthTimeout if it needs longer"
            );

    private static string Wait(ServiceView view) =>
        (view.Progress, view.Current) switch
        {
            (Progress.Missing, _) => $"Service {view.Service.Name} has no container yet",
            (Progress.Unusable, { } current) => $"Service {view.Service.Name} is {current.State.ToString().ToLowerInvariant()}",
            (Progress.Startable, _) => $"Service {view.Service.Name} is not started",
            (_, { State: ContainerState.Restarting } current) =>
                $"Service {view.Service.Name} restarts after exit code {current.ExitCode}",
            _ when view.Service.Completion == Completion.Required => $"Service {view.Service.Name} has not ended yet",
            (_, { Health: ContainerHealth.Starting }) => $"Service {view.Service.Name} has not passed its health check yet",
            (_, { Health: ContainerHealth.Unhealthy }) => $"Service {view.Service.Name} fails its health check",
            _ => $"Service {view.Service.Name} runs, but not for the stable time yet",
        };

    private static TimeSpan? RetryAfter(ImmutableArray<ServiceView> waiting, Observed observed, DateTimeOffset? deadline)
    {
        var stable = waiting
            .Where(view =>
                view is { Progress: Progress.Waiting, Current.State: ContainerState.Running } && view.StableIn > TimeSpan.Zero
            )
            .Select(view => (TimeSpan?)view.StableIn)
            .Min();
        var end = deadline - observed.Now;
        return stable is null || end < stable ? end : stable;
    }
}
