using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>The scale subresource as a view on its object.</summary>
internal static class ScaleView
{
    public static JsonObject Read(ResourceType type, JsonObject node)
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
        if (replicas < 0)
            throw Failures.Invalid(
                "autoscaling",
                "Scale",
                node.Name(),
                [FieldError.Invalid("spec.replicas", replicas, "should be a non-negative integer")]
            );
        var steps = type.Scale!.Spec.TrimStart('.').Split('.');
        var parent = node;
        foreach (var step in steps[..^1])
            parent = parent.Ensure(step);
        parent[steps[^1]] = replicas;
        return node;
    }
}
