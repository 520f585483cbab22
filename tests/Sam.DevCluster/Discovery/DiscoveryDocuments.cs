using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>What is served, in lists of groups and of resources.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    private readonly ServedGroups _groups = new(catalog);

    public JsonObject Groups() =>
        new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([
                .. _groups.Names().Where(name => name.Length > 0).Select(name => (JsonNode)Group(name, false)),
            ]),
        };

    public JsonObject? FindGroup(string name) => _groups.Names().Contains(name) ? Group(name, true) : null;

    public JsonObject? ResourceList(string group, string version)
    {
        var types = _groups.TypesOf(group, version).ToList();
        var reviews = version == "v1" ? ServedGroups.Reviews.Where(review => review.Group == group).ToList() : [];
        if (types.Count == 0 && reviews.Count == 0)
            return null;
        var resources = new JsonArray();
        foreach (var type in types.OrderBy(type => type.Plural, StringComparer.Ordinal))
        {
            resources.Add(Resource(type));
            if (type.Kind == "Namespace")
                resources.Add(Subresource(type, "finalize", type.Kind, ["update"]));
            var parts = new List<JsonObject>();
            if (type.Scale is not null)
                parts.Add(Subresource(type, "scale", "Scale", ["get", "patch", "update"], "autoscaling", "v1"));
            if (type.HasStatus)
                parts.Add(Subresource(type, "status", type.Kind, ["get", "patch", "update"]));
            if (type.IsCustom)
                parts.Reverse(); // definitions list status first
            foreach (var part in parts)
                resources.Add(part);
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

    private JsonObject Group(string name, bool isAlone)
    {
        var versions = _groups
            .VersionsOf(name)
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

    // The storage form of events is the core one, whatever the group that is asked.
    private static string StorageHash(ResourceType type)
    {
        var name = type.Kind == "Event" ? "/v1/Event" : $"{type.Group}/{type.Version}/{type.Kind}";
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
    }

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = ServedGroups.Strings(ServedGroups.VerbsOf(type)),
        };
        if (type.ShortNames.Count > 0)
            resource["shortNames"] = ServedGroups.Strings(type.ShortNames);
        if (type.Categories.Count > 0)
            resource["categories"] = ServedGroups.Strings(type.Categories);
        resource["storageVersionHash"] = StorageHash(type);
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
        resource["verbs"] = ServedGroups.Strings(verbs);
        return resource;
    }
}
