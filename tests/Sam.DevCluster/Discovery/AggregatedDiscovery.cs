using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>Everything that is served in one document.</summary>
internal sealed class AggregatedDiscovery(ResourceCatalog catalog)
{
    private readonly ServedGroups _groups = new(catalog);

    public JsonObject Aggregated(bool legacy) =>
        new()
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([
                .. _groups.Names().Where(name => name.Length == 0 == legacy).Select(name => (JsonNode)AggregatedGroup(name)),
            ]),
        };

    private JsonObject AggregatedGroup(string name) =>
        new()
        {
            ["metadata"] = name.Length == 0 ? [] : new JsonObject { ["name"] = name },
            ["versions"] = new JsonArray([
                .. _groups
                    .VersionsOf(name)
                    .Select(version =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["version"] = version,
                                ["resources"] = new JsonArray([
                                    .. _groups.TypesOf(name, version).Select(type => (JsonNode)AggregatedResource(type)),
                                ]),
                                ["freshness"] = "Current",
                            }
                    ),
            ]),
        };

    private static JsonObject AggregatedResource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = KindOf(type, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = ServedGroups.Strings(ServedGroups.VerbsOf(type)),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = ServedGroups.Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = ServedGroups.Strings(type.Categories);
        var parts = ServedPart.Of(type).Select(part => (JsonNode)Subresource(type, part)).ToArray();
        if (parts.Length > 0)
            resource["subresources"] = new JsonArray(parts);
        return resource;
    }

    private static JsonObject Subresource(ResourceType type, ServedPart part) =>
        new()
        {
            ["subresource"] = part.Name,
            ["responseKind"] = part.Group is null ? KindOf(type, part.Kind) : Kind(part.Group, part.Version!, part.Kind),
            ["verbs"] = ServedGroups.Strings(part.Verbs),
        };

    // The server's own kinds are named without their group, which is the one they are listed in.
    private static JsonObject KindOf(ResourceType type, string kind) =>
        type.IsCustom ? Kind(type.Group, type.Version, kind) : Kind("", "", kind);

    private static JsonObject Kind(string group, string version, string kind) =>
        new()
        {
            ["group"] = group,
            ["version"] = version,
            ["kind"] = kind,
        };
}
