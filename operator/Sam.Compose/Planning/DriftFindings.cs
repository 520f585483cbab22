using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>What somebody changed of a release that had been applied and in sync, in words for an event. Names only, never values.</summary>
public static class DriftFindings
{
    /// <summary>One finding for each thing that is not as it was left; empty where what is left to do has another cause.</summary>
    public static ImmutableArray<string> Of(Desired desired, Observed observed)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        found.AddRange(
            desired
                .Networks.Keys.Select(key => EngineNames.Network(desired.Uid, key))
                .Except(observed.Networks)
                .Select(network => $"network {network} was removed")
        );
        found.AddRange(
            desired
                .Services.SelectMany(service => service.Spec.Volumes)
                .Select(mount => EngineNames.Volume(desired.Uid, mount.Volume))
                .Distinct(StringComparer.Ordinal)
                .Except(observed.Volumes)
                .Select(volume => $"volume {volume} was removed")
        );
        foreach (var service in ServiceOrder.Of(desired.Services))
        {
            var view = ServiceView.Of(service, desired, observed);
            if (OfContainer(view, desired.Uid) is { } finding)
                found.Add($"service {service.Name}: {finding}");
        }

        return found.ToImmutable();
    }

    private static string? OfContainer(ServiceView view, string uid) =>
        view switch
        {
            { Current: null, Others: [] } => "its container was removed",
            { Current: null, Others: [var other, ..] } => $"its container was replaced by {other.Name}",
            { Current: { } current, Progress: Progress.Unusable } => $"container {current.Name} was {Word(current.State)}",
            { Current: { State: ContainerState.Created } current } => $"container {current.Name} was made and not started",
            { Current: { } current, Progress: Progress.Startable } =>
                $"container {current.Name} was stopped (exit code {current.ExitCode})",
            { Current: { Networks: { } networks } current } when Lost(view, uid, networks) is [var network, ..] =>
                $"container {current.Name} was taken off network {network}",
            { Current: { } current, Service.Routed: true } when !HasAlias(view, current) =>
                $"container {current.Name} was taken off network {EngineNames.EdgeNetwork}",
            { Current: { } current, Service.Routed: false } when current.AtEdge =>
                $"container {current.Name} was put on network {EngineNames.EdgeNetwork}",
            _ => null,
        };

    private static List<string> Lost(ServiceView view, string uid, ImmutableArray<string> networks) =>
        [
            .. ServiceNetworks
                .Of(uid, view.Service.Spec)
                .Select(network => network.Name)
                .Where(network => !networks.Contains(network)),
        ];

    private static bool HasAlias(ServiceView view, ObservedContainer current) =>
        current.EdgeAliases.Any(alias => EngineNames.IsEdgeAlias(alias, view.Service.Name));

    private static string Word(ContainerState state) =>
        state switch
        {
            ContainerState.Paused => "paused",
            ContainerState.Removing => "being removed",
            _ => "left dead by the engine",
        };
}
