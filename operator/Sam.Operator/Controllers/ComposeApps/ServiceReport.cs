using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Writes what the engine shows of each service into status.</summary>
internal static class ServiceReport
{
    /// <summary>One entry a service, in the order of the file's names.</summary>
    public static void Write(ComposeAppStatus status, Desired desired, Observed observed) =>
        status.Services = [
            .. desired
                .Services.GroupBy(service => service.Name, StringComparer.Ordinal)
                .Select(replicas => Of([.. replicas], observed)),
        ];

    private static ServiceStatus Of(DesiredService[] replicas, Observed observed)
    {
        var first = replicas[0];
        var containers = replicas.Select(service => Shown(service, observed)).ToList();
        bool IsWell(ObservedContainer? container) => IsRunningWell(container) || IsDone(first, container);
        // The one that is worst off is the one that people look for.
        var shown = containers.Find(container => !IsWell(container)) ?? containers[0];
        return new ServiceStatus
        {
            Name = first.Name,
            Image = first.Spec.Image.Split('@')[0],
            Digest = PinnedImage.DigestOf(first.Spec.Image),
            State = shown?.State.ToString().ToLowerInvariant() ?? "absent",
            Health = shown?.Health.ToString().ToLowerInvariant(),
            Restarts = containers.Sum(container => container?.Restarts ?? 0),
            Replicas = replicas.Length,
            ReadyReplicas = containers.Count(IsWell),
            UpdateOrder = first.StopFirst ? "stop-first" : "start-first",
        };
    }

    private static ObservedContainer? Shown(DesiredService service, Observed observed) =>
        observed.Containers.FirstOrDefault(container => container.SpecHash == service.Spec.Hash)
        ?? observed.Containers.FirstOrDefault(container =>
            container.Service == service.Name && container.Replica == service.Replica
        );

    // A migration that did its work is as ready as it will ever be.
    private static bool IsDone(DesiredService service, ObservedContainer? container) =>
        service.Completion != Completion.Never && container is { State: ContainerState.Exited, ExitCode: 0 };

    private static bool IsRunningWell(ObservedContainer? container) =>
        container is { State: ContainerState.Running, Health: not ContainerHealth.Unhealthy };
}
