using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Controllers;

/// <summary>Empty maps and lists that the real server's types leave out when they are written.</summary>
internal static class EmptyFields
{
    private static readonly string[] OfMetadata = ["labels", "annotations", "finalizers", "ownerReferences", "managedFields"];

    private static readonly string[] OfKinds = ["data", "binaryData", "stringData", "secrets", "imagePullSecrets"];

    public static void Drop(ResourceType type, JsonObject node, WriteOptions options)
    {
        var metadata = node.Metadata();
        if (metadata.Array("ownerReferences") is { Count: > 1 } owners)
            metadata["ownerReferences"] = OwnerReferences.Once(owners, options.Warnings);
        foreach (var name in OfMetadata)
            Drop(metadata, name);
        if (type.IsCustom)
            return;
        foreach (var name in OfKinds)
            Drop(node, name);
    }

    private static void Drop(JsonObject node, string name)
    {
        // An empty list of managedFields is a request: forget who owns what.
        if (
            node.ContainsKey(name)
            && name != "managedFields"
            && node[name] is null or JsonObject { Count: 0 } or JsonArray { Count: 0 }
        )
            node.Remove(name);
    }
}
