using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>What is served, in the old lists and in the aggregated form.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    public const string Version = "v1.36.0+sam-dev-cluster";

    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    // Groups that answer reviews only and hold no objects.
    private static readonly (string Group, string Plural, string Kind, bool Namespaced)[] Reviews =
    [
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
    ];

    public static JsonObject VersionDocument() =>
        new()
        {
            ["major"] = "1",
            ["minor"] = "36",
            ["gitVersion"] = Version,
            ["gitCommit"] = "",
            ["gitTreeState"] = "",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "dotnet",
            ["platform"] = "linux/amd64",
        };

    public static JsonObject LegacyVersions(string server) =>
        new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(
                new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = server }
            ),
        };

    public JsonObject Groups() =>
        new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([
                .. GroupNames().Where(name => name.Length > 0).Select(name => (JsonNode)Group(name, false)),
            ]),
        };

    public JsonObject? FindGroup(string name) => GroupNames().Contains(name) ? Group(name, true) : null;

    public JsonObject? ResourceList(string group, string version)
    {
        var types = TypesOf(group, version).ToList();
        var reviews = version == "v1" ? Reviews.Where(review => review.Group == group).ToList() : [];
        if (types.Count == 0 && reviews.Count == 0)
            return null;
        var resources = new JsonArray();
        foreach (var type in types.OrderBy(type => type.Plural, StringComparer.Ordinal))
        {
            resources.Add(Resource(type));
            if (type.Kind == "Namespace")
                resources.Add(Subresource(type, "finalize", type.Kind, ["update"]));
            if (type.Scale is not null)
                resources.Add(Subresource(type, "scale", "Scale", ["get", "patch", "update"], "autoscaling", "v1"));
            if (type.HasStatus)
                resources.Add(Subresource(type, "status", type.Kind, ["get", "patch", "update"]));
        }
        foreach (var review in reviews)
            resources.Add(
                new JsonObject
                {
                    ["name"] = review.Plural,
                    ["singularName"] = review.Kind.ToLowerInvariant(),
                    ["namespaced"] = review.Namespaced,
                    ["kind"] = review.Kind,
                    ["verbs"] = new JsonArray("create"),
                }
            );
        var list = new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
        if (group.Length > 0)
            list["apiVersion"] = "v1";
        return list;
    }

    public JsonObject Aggregated(bool legacy) =>
        new()
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([
                .. GroupNames().Where(name => name.Length == 0 == legacy).Select(name => (JsonNode)AggregatedGroup(name)),
            ]),
        };

    private JsonObject AggregatedGroup(string name) =>
        new()
        {
            ["metadata"] = name.Length == 0 ? [] : new JsonObject { ["name"] = name },
            ["versions"] = new JsonArray([
                .. VersionsOf(name)
                    .Select(version =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["version"] = version,
                                ["resources"] = new JsonArray([
                                    .. TypesOf(name, version)
                                        .OrderBy(type => type.Plural, StringComparer.Ordinal)
                                        .Select(type => (JsonNode)AggregatedResource(type)),
                                    .. Reviews.Where(review => review.Group == name).Select(review => (JsonNode)Review(review)),
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
            ["verbs"] = Strings(Verbs),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = Strings(type.Categories);
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

    private JsonObject Group(string name, bool isAlone)
    {
        var versions = VersionsOf(name)
            .Select(version => new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version })
            .ToList();
        var group = new JsonObject();
        if (isAlone)
        {
            group["kind"] = "APIGroup";
            group["apiVersion"] = "v1";
        }
        group["name"] = name;
        group["versions"] = new JsonArray([.. versions.Select(version => (JsonNode)version)]);
        group["preferredVersion"] = versions[0].DeepClone();
        return group;
    }

    private IEnumerable<string> GroupNames() =>
        catalog.All.Select(type => type.Group).Concat(Reviews.Select(review => review.Group)).Distinct(StringComparer.Ordinal);

    private IEnumerable<string> VersionsOf(string group)
    {
        var versions = catalog
            .All.Where(type => type.Group == group)
            .Select(type => type.Version)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(version => version, VersionOrder.Instance)
            .ToList();
        return versions.Count == 0 ? ["v1"] : versions;
    }

    private IEnumerable<ResourceType> TypesOf(string group, string version) =>
        catalog.All.Where(type => type.Group == group && type.Version == version);

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Strings(Verbs),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = Strings(type.Categories);
        resource["storageVersionHash"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(type.Shelf.PadRight(8)[..8]));
        return resource;
    }

    private static JsonObject Subresource(
        ResourceType type,
        string name,
        string kind,
        string[] verbs,
        string? group = null,
        string? version = null
    )
    {
        var resource = new JsonObject
        {
            ["name"] = $"{type.Plural}/{name}",
            ["singularName"] = "",
            ["namespaced"] = type.Namespaced,
        };
        if (group is not null)
        {
            resource["group"] = group;
            resource["version"] = version;
        }
        resource["kind"] = kind;
        resource["verbs"] = Strings(verbs);
        return resource;
    }

    private static JsonObject Kind(string group, string version, string kind) =>
        new()
        {
            ["group"] = group,
            ["version"] = version,
            ["kind"] = kind,
        };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
