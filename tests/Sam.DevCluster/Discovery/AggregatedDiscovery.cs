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
                                    .. _groups
                                        .TypesOf(name, version)
                                        .OrderBy(type => type.Plural, StringComparer.Ordinal)
                                        .Select(type => (JsonNode)AggregatedResource(type)),
                                    .. ServedGroups
                                        .Reviews.Where(review => review.Group == name)
                                        .Select(review => (JsonNode)Review(review)),
                                ]),
                                ["freshness"] = "Current",
                            }
                    ),
            ]),
        };

    private static JsonObject Review((string Group, string Plural, string Kind, bool Namespaced) review) =>
        new()
        {
            ["resource"] = review.Plural,
            ["responseKind"] = Kind(review.Group, "v1", review.Kind),
            ["scope"] = review.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = review.Kind.ToLowerInvariant(),
            ["verbs"] = new JsonArray("create"),
        };

    private static JsonObject AggregatedResource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = ServedGroups.Strings(ServedGroups.VerbsOf(type)),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = ServedGroups.Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = ServedGroups.Strings(type.Categories);
        var subresources = new JsonArray();
        void Add(string name, JsonObject kind) =>
            subresources.Add(
                new JsonObject
                {
                    ["subresource"] = name,
                    ["responseKind"] = kind,
                    ["verbs"] = new JsonArray("get", "patch", "update"),
                }
            );
        if (type.Scale is not null)
            Add("scale", Kind("autoscaling", "v1", "Scale"));
        if (type.HasStatus)
            Add("status", Kind(type.Group, type.Version, type.Kind));
        if (subresources.Count > 0)
            resource["subresources"] = subresources;
        return resource;
    }

    private static JsonObject Kind(string group, string version, string kind) =>
        new()
        {
            ["group"] = group,
            ["version"] = version,
            ["kind"] = kind,
        };
}
