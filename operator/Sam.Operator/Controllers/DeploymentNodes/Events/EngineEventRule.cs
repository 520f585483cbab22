using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Operator.Clients.Docker;

namespace Sam.Operator.Controllers.DeploymentNodes.Events;

/// <summary>Whom an engine's event concerns. Pure.</summary>
internal static class EngineEventRule
{
    /// <summary>
    /// All that can mean drift. A kill that ends a container is told as its <c>die</c>; what the engine does of itself (a restart by policy) is told by the
    /// same word, and the look that follows finds nothing to do. Commands count for Caddy alone: its document is changed by one.
    /// </summary>
    public static EngineEventFilter Filter { get; } =
        new()
        {
            Types = ["container", "network", "volume"],
            Actions = ["die", "destroy", "pause", "unpause", "rename", "update", "health_status", "disconnect", "exec_die"],
        };

    /// <summary>Whether it concerns an app: one of its containers, networks or volumes.</summary>
    public static bool ConcernsApp(EngineEvent happened, string uid) =>
        happened.Type switch
        {
            "container" => IsOf(happened, EngineNames.Kind)
                && happened.Action != "exec_die"
                && happened.Attributes.GetValueOrDefault(EngineNames.UidLabel) == uid,
            "network" => NameOf(happened) is { } name && EngineNames.IsNetwork(uid, name),
            "volume" => happened.Id.StartsWith(EngineNames.Volume(uid, ""), StringComparison.Ordinal),
            _ => false,
        };

    /// <summary>Whether it concerns the node: Caddy's container, its volumes, the edge network.</summary>
    public static bool ConcernsNode(EngineEvent happened) =>
        happened.Type switch
        {
            "container" => IsOf(happened, CaddyContainer.Kind),
            "network" => NameOf(happened) == EngineNames.EdgeNetwork,
            "volume" => happened.Id is CaddyContainer.DataVolume or CaddyContainer.ConfigVolume,
            _ => false,
        };

    /// <summary>The container that was taken off the edge network, whose owner the event does not name; null for all other events.</summary>
    public static string? LeftTheEdge(EngineEvent happened) =>
        happened is { Type: "network", Action: "disconnect" } && NameOf(happened) == EngineNames.EdgeNetwork
            ? happened.Attributes.GetValueOrDefault("container")
            : null;

    private static bool IsOf(EngineEvent happened, string kind) =>
        happened.Attributes.GetValueOrDefault(Names.EngineLabels.Kind) == kind;

    private static string? NameOf(EngineEvent happened) => happened.Attributes.GetValueOrDefault("name");
}
