using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Aggregation;

/// <summary>Turns an APIResourceList into the aggregated form of discovery.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject Version(Extension extension, JsonObject? list)
    {
        var resources = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var entry in (list.Array("resources") ?? []).OfType<JsonObject>())
        {
            var parts = (entry.Text("name") ?? "").Split('/', 2);
            if (parts.Length == 1)
                resources[parts[0]] = Resource(extension, entry);
        }
        foreach (var entry in (list.Array("resources") ?? []).OfType<JsonObject>())
        {
            var parts = (entry.Text("name") ?? "").Split('/', 2);
            if (parts.Length == 1 || !resources.TryGetValue(parts[0], out var parent))
                continue;
            if (parent.Array("subresources") is not { } subresources)
                parent["subresources"] = subresources = [];
            subresources.Add(
                new JsonObject
                {
                    ["subresource"] = parts[1],
                    ["responseKind"] = Kind(extension, entry),
                    ["verbs"] = entry.Child("verbs")?.DeepClone(),
                }
            );
        }
        return new JsonObject
        {
            ["version"] = extension.Version,
            ["resources"] = new JsonArray([.. resources.Values]),
            ["freshness"] = "Current",
        };
    }

    private static JsonObject Resource(Extension extension, JsonObject entry)
    {
        var resource = new JsonObject
        {
            ["resource"] = entry.Text("name"),
            ["responseKind"] = Kind(extension, entry),
            ["scope"] = entry.IsTrue("namespaced") ? "Namespaced" : "Cluster",
            ["singularResource"] = entry.Text("singularName") ?? "",
            ["verbs"] = entry.Child("verbs")?.DeepClone(),
        };
        foreach (var name in new[] { "shortNames", "categories" })
        {
            if (entry.Array(name) is { } values)
                resource[name] = values.DeepClone();
        }
        return resource;
    }

    private static JsonObject Kind(Extension extension, JsonObject entry) =>
        new()
        {
            ["group"] = entry.Text("group") ?? extension.Group,
            ["version"] = entry.Text("version") ?? extension.Version,
            ["kind"] = entry.Text("kind"),
        };
}
