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
        if (types.Count == 0)
            return null;
        var resources = new JsonArray();
        foreach (var type in types)
        {
            resources.Add(Resource(type));
            foreach (var part in ServedPart.Of(type))
                resources.Add(Subresource(type, part));
        }
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

    // Events are stored in their core form, definitions in the form that they had first.
    private static string StorageHash(ResourceType type)
    {
        var name = (type.Kind, type.IsCustom) switch
        {
            ("Event", false) => "/v1/Event",
            ("CustomResourceDefinition", false) => $"{type.Group}/v1beta1/{type.Kind}",
            _ => $"{type.Group}/{type.StorageVersion ?? type.Version}/{type.Kind}",
        };
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
        if (type.Verbs is null)
            resource["storageVersionHash"] = StorageHash(type);
        return resource;
    }

    private static JsonObject Subresource(ResourceType type, ServedPart part)
    {
        var resource = new JsonObject
        {
            ["name"] = $"{type.Plural}/{part.Name}",
            ["singularName"] = "",
            ["namespaced"] = type.Namespaced,
        };
        if (part.Group is not null)
        {
            resource["group"] = part.Group;
            resource["version"] = part.Version;
        }
        resource["kind"] = part.Kind;
        resource["verbs"] = ServedGroups.Strings(part.Verbs);
        return resource;
    }
}
