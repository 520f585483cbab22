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
        bool IsWanted(string name) => name is not ("metadata" or "apiVersion" or "kind") && !(type.HasStatus && name == "status");
        if (!Same(old, node, IsWanted) && old.Object("metadata").Child("generation").TryInteger(out var generation))
            node.Metadata()["generation"] = generation + 1;
    }

    public static bool SameApartFromTimes(JsonObject old, JsonObject node)
    {
        var (left, right) = (old.Metadata(), node.Metadata());
        return Same(old, node, name => name != "metadata")
            && Same(left, right, name => name != "managedFields")
            && SameManagers(left.Array("managedFields") ?? [], right.Array("managedFields") ?? []);
    }

    private static bool SameManagers(JsonArray left, JsonArray right) =>
        left.Count == right.Count
        && left.Zip(right).All(pair => Same((JsonObject)pair.First!, (JsonObject)pair.Second!, name => name != "time"));

    private static bool Same(JsonObject left, JsonObject right, Func<string, bool> counts) =>
        left.Count(pair => counts(pair.Key)) == right.Count(pair => counts(pair.Key))
        && left.All(pair =>
            !counts(pair.Key) || (right.TryGetPropertyValue(pair.Key, out var other) && JsonAccess.Same(pair.Value, other))
        );
}
