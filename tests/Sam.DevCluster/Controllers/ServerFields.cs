using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Controllers;

/// <summary>The fields that clients cannot write, and the generation that follows from the others.</summary>
internal static class ServerFields
{
    public static void Keep(ResourceType type, JsonObject old, JsonObject node, string subresource, bool isPatch)
    {
        var before = old.Object("metadata")!;
        if (subresource == "status" || subresource == "finalize")
            KeepAllBut(subresource == "status" ? "status" : "spec", old, node);
        else if (type.HasStatus || type.Kind == "Namespace")
            Copy(old, node, "status");
        // Only /finalize may change what holds a namespace.
        if (type.Kind == "Namespace" && subresource.Length == 0)
            Copy(old, node, "spec");
        var metadata = node.Metadata();
        // What is left in place is refused as immutable.
        if (metadata.Text("uid") is not { Length: > 0 })
            Copy(before, metadata, "uid");
        if (before.ContainsKey("deletionTimestamp") || metadata.Child("deletionTimestamp") is null || !isPatch)
            Copy(before, metadata, "deletionTimestamp");
        foreach (
            var field in new[]
            {
                "creationTimestamp",
                "deletionGracePeriodSeconds",
                "generation",
                "namespace",
                "resourceVersion",
                "generateName",
                "selfLink",
            }
        )
            Copy(before, metadata, field);
        if (type.IsCustom)
            return; // another kind in the body is refused when the object is checked
        node["apiVersion"] = type.ApiVersion;
        node["kind"] = type.Kind;
    }

    private static void KeepAllBut(string field, JsonObject old, JsonObject node)
    {
        foreach (var name in node.Select(pair => pair.Key).Union(old.Select(pair => pair.Key)).ToList())
        {
            if (name == field)
                continue;
            if (name != "metadata")
                Copy(old, node, name);
        }
        // A status write may touch managedFields only; labels and the rest stay as they were.
        var fields = node.Metadata().Array("managedFields")?.DeepClone();
        var metadata = old.Metadata().Copy();
        if (fields is not null)
            metadata["managedFields"] = fields;
        node["metadata"] = metadata;
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from.TryGetPropertyValue(name, out var value))
            to[name] = value?.DeepClone();
        else
            to.Remove(name);
    }

    public static void BumpGeneration(ResourceType type, JsonObject old, JsonObject node)
    {
        if (!type.Strategy.HasGeneration)
            return;
        var ignoresStatus = type.HasStatus;
        JsonObject Wanted(JsonObject o) =>
            new(
                o.Where(pair =>
                        pair.Key is not ("metadata" or "apiVersion" or "kind") && !(ignoresStatus && pair.Key == "status")
                    )
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
            );
        if (
            !JsonAccess.Same(Wanted(old), Wanted(node))
            && old.Object("metadata").Child("generation").TryInteger(out var generation)
        )
            node.Metadata()["generation"] = generation + 1;
    }

    public static bool SameApartFromTimes(JsonObject old, JsonObject node)
    {
        JsonObject Bare(JsonObject o)
        {
            var copy = o.Copy();
            foreach (var entry in copy.Object("metadata").Array("managedFields") ?? [])
                (entry as JsonObject)?.Remove("time");
            return copy;
        }
        return JsonAccess.Same(Bare(old), Bare(node));
    }
}
