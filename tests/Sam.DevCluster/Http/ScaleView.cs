using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>The scale subresource as a view on its object.</summary>
internal static class ScaleView
{
    /// <summary>A Scale of the group that the real server takes, about the object that the path names.</summary>
    public static JsonObject Decode(byte[] bytes, string name)
    {
        var scale = JsonReading.ParseObject(bytes);
        if (scale.Text("apiVersion") is { } version && version is not ("autoscaling/v1" or "autoscaling/v2"))
            throw Failures.BadRequest(
                $"no kind is registered for the type {version}.{scale.Text("kind")} in scheme \"pkg/runtime/scheme.go:111\""
            );
        if (scale.Object("metadata").Text("name") is { Length: > 0 } other && other != name)
            throw Failures.BadRequest($"the name of the object ({other}) does not match the name on the URL ({name})");
        return scale;
    }

    public static JsonObject Read(ResourceType type, JsonObject node, bool mustExist = false)
    {
        var paths = type.Scale!;
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
            metadata[field] = node.Metadata().Child(field)?.DeepClone();
        var status = new JsonObject { ["replicas"] = JsonPath.First(node, paths.Status)?.DeepClone() ?? 0 };
        if (paths.Selector is { } selector && JsonPath.First(node, selector).Text() is { } text)
            status["selector"] = text;
        var spec = new JsonObject();
        if (JsonPath.First(node, paths.Spec) is { } replicas)
            spec["replicas"] = replicas.DeepClone();
        else if (mustExist)
            throw Failures.Internal($"the spec replicas field \"{paths.Spec}\" does not exist");
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = status,
        };
    }

    public static JsonObject Write(ResourceType type, JsonObject node, JsonObject scale)
    {
        if (scale.Object("metadata").Text("resourceVersion") is { Length: > 0 } version)
            node.Metadata()["resourceVersion"] = version;
        var replicas = scale.At("spec", "replicas").TryInteger(out var wanted) ? wanted : 0;
        var steps = type.Scale!.Spec.TrimStart('.').Split('.');
        var parent = node;
        foreach (var step in steps[..^1])
            parent = parent.Ensure(step);
        parent[steps[^1]] = replicas;
        return node;
    }
}
