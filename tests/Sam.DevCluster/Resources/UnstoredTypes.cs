using System.Text.Json.Nodes;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Resources;

/// <summary>Everything that is answered and never stored, as discovery and documents list it.</summary>
internal static class UnstoredTypes
{
    public static readonly ResourceType Binding = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Binding",
        Plural = "bindings",
        Singular = "binding",
        Shelf = "bindings",
        Schema = Described("Ties a pod to a node."),
        Verbs = ["create"],
    };

    public static readonly ResourceType ComponentStatus = new()
    {
        Group = "",
        Version = "v1",
        Kind = "ComponentStatus",
        Plural = "componentstatuses",
        Singular = "componentstatus",
        ShortNames = ["cs"],
        Namespaced = false,
        Shelf = "componentstatuses",
        Schema = Described("How a part of the control plane is; no longer told."),
        Verbs = ["get", "list"],
    };

    public static readonly IReadOnlyList<ResourceType> All = [Binding, ComponentStatus, .. ReviewTypes.All];

    private static Schema Described(string text) =>
        SchemaReader.Read(new JsonObject { ["type"] = "object", ["description"] = text });
}
