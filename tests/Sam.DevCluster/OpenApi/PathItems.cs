using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.OpenApi;

/// <summary>The paths of a resource with their operations, in the form of OpenAPI v3.</summary>
internal static class PathItems
{
    public static void Add(JsonObject paths, ResourceType type)
    {
        var (root, place) = Root(type);
        var collection = $"{root}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}";
        var whole = Of(type, place, "", SchemaNames.Of(type));
        var many = new JsonObject { ["get"] = whole.List("") };
        many["post"] = whole.Create();
        if (type.Strategy.HasCollectionDelete)
            many["delete"] = whole.DeleteCollection();
        Add(paths, collection, many);
        Add(
            paths,
            collection + "/{name}",
            new JsonObject
            {
                ["get"] = whole.Read(),
                ["put"] = whole.Replace(),
                ["delete"] = whole.Delete(),
                ["patch"] = whole.Patch(),
            }
        );
        AddParts(paths, type, collection + "/{name}", place);
        if (type.Namespaced)
            Add(paths, $"{root}/{type.Plural}", new JsonObject { ["get"] = Of(type, "", "", "").List("ForAllNamespaces") });
        if (!type.IsCustom)
            AddWatches(paths, type, place);
    }

    /// <summary>The path of what is answered and never stored.</summary>
    public static void AddReview(JsonObject paths, ResourceType type)
    {
        var (root, place) = Root(type);
        var path = $"{root}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}";
        Add(paths, path, new JsonObject { ["post"] = Of(type, place, "", SchemaNames.Of(type)).Create() });
    }

    /// <summary>The paths of what is only read.</summary>
    public static void AddReading(JsonObject paths, ResourceType type)
    {
        var (root, place) = Root(type);
        var whole = Of(type, place, "", SchemaNames.Of(type));
        Add(paths, $"{root}/{type.Plural}", new JsonObject { ["get"] = whole.List("") });
        Add(paths, $"{root}/{type.Plural}/{{name}}", new JsonObject { ["get"] = whole.Read() });
    }

    private static (string Root, string Place) Root(ResourceType type) =>
        (
            type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}",
            type.Namespaced ? "Namespaced" : ""
        );

    private static Operations Of(ResourceType type, string place, string part, string schema, JsonObject? named = null) =>
        new(type, place, part, schema, named ?? SchemaNames.GroupVersionKind(type));

    private static void AddParts(JsonObject paths, ResourceType type, string path, string place)
    {
        if (type.Kind == "Namespace" && !type.IsCustom)
            Add(
                paths,
                path + "/finalize",
                new JsonObject { ["put"] = Of(type, place, "finalize", SchemaNames.Of(type)).Replace() }
            );
        if (type.Kind == "ServiceAccount" && !type.IsCustom)
        {
            var token = ReviewTypes.TokenRequest;
            var create = Of(type, place, "token", SchemaNames.Of(token), SchemaNames.GroupVersionKind(token)).Create();
            Add(paths, path + "/token", new JsonObject { ["post"] = create });
        }
        if (type.Scale is not null)
        {
            // Definitions name their own kind here.
            var scale = new JsonObject
            {
                ["group"] = "autoscaling",
                ["version"] = "v1",
                ["kind"] = "Scale",
            };
            AddPart(paths, path, "scale", Of(type, place, "scale", SchemaNames.Shared("Scale"), type.IsCustom ? null : scale));
        }
        if (type.HasStatus)
            AddPart(paths, path, "status", Of(type, place, "status", SchemaNames.Of(type)));
    }

    private static void AddPart(JsonObject paths, string path, string name, Operations part) =>
        Add(
            paths,
            $"{path}/{name}",
            new JsonObject
            {
                ["get"] = part.Read(),
                ["put"] = part.Replace(),
                ["patch"] = part.Patch(),
            }
        );

    private static void AddWatches(JsonObject paths, ResourceType type, string place)
    {
        var (root, _) = Root(type);
        var collection = $"{root}/watch/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}";
        var whole = Of(type, place, "", "");
        Add(paths, collection, new JsonObject { ["get"] = whole.Watch("", isList: true) }, Parameters.List);
        Add(paths, collection + "/{name}", new JsonObject { ["get"] = whole.Watch("", isList: false) }, Parameters.List);
        if (type.Namespaced)
            Add(
                paths,
                $"{root}/watch/{type.Plural}",
                new JsonObject { ["get"] = Of(type, "", "", "").Watch("ForAllNamespaces", isList: true) },
                Parameters.List
            );
    }

    // What a single operation takes is said of the path.
    private static void Add(JsonObject paths, string path, JsonObject item, string[]? more = null)
    {
        var operations = item.Select(pair => (JsonObject)pair.Value!).ToList();
        var kind = operations[0].At("x-kubernetes-group-version-kind", "kind").Text()!;
        List<string> shared = [];
        if (operations is [var single] && single.Array("parameters") is { } all)
        {
            shared.AddRange(all.Select(parameter => parameter.Text("name")!));
            single.Remove("parameters");
        }
        foreach (var name in new[] { Parameters.Name, Parameters.Namespace })
        {
            if (path.Contains($"{{{name}}}", StringComparison.Ordinal))
                shared.Add(name);
        }
        shared.Add(Parameters.Pretty);
        item["parameters"] = new JsonArray([
            .. shared.Concat(more ?? []).Order(StringComparer.Ordinal).Select(name => (JsonNode)Parameters.Of(name, kind)),
        ]);
        paths[path] = item;
    }
}
