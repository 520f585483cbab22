using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Discovery;

/// <summary>OpenAPI v3 and v2 from the schemas, as far as kubectl reads them.</summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var type in catalog.All)
        {
            var path = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={catalog.Generation}" };
        }
        return new JsonObject { ["paths"] = paths };
    }

    public JsonObject? Version3(string group, string version)
    {
        var types = catalog.All.Where(type => type.Group == group && type.Version == version).ToList();
        if (types.Count == 0)
            return null;
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (var type in types)
        {
            schemas[NameOf(type)] = SchemaOf(type, "#/components/schemas/");
            AddPaths(paths, type, isVersion3: true);
        }
        schemas[MetaName] = ObjectMeta.Document.DeepClone();
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = ServerVersion.Name },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    public JsonObject Version2()
    {
        var definitions = new JsonObject { [MetaName] = ObjectMeta.Document.DeepClone() };
        var paths = new JsonObject();
        foreach (var type in catalog.All)
        {
            definitions[NameOf(type)] = SchemaOf(type, "#/definitions/");
            AddPaths(paths, type, isVersion3: false);
        }
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = ServerVersion.Name },
            ["paths"] = paths,
            ["definitions"] = definitions,
        };
    }

    private const string MetaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private static string NameOf(ResourceType type)
    {
        if (type.IsCustom)
            return $"{string.Join('.', type.Group.Split('.').Reverse())}.{type.Version}.{type.Kind}";
        return $"io.k8s.api.{(type.Group.Length == 0 ? "core" : type.Group.Split('.')[0])}.{type.Version}.{type.Kind}";
    }

    private static JsonObject SchemaOf(ResourceType type, string references)
    {
        var schema = type.Schema.Source.Copy();
        schema.Object("properties")!["metadata"] = new JsonObject
        {
            ["description"] = "Standard object's metadata.",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = references + MetaName }),
        };
        if (references.StartsWith("#/definitions", StringComparison.Ordinal))
            schema.Object("properties")!["metadata"] = new JsonObject
            {
                ["$ref"] = references + MetaName,
                ["description"] = "Standard object's metadata.",
            };
        schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(type));
        return schema;
    }

    private static JsonObject GroupVersionKind(ResourceType type) =>
        new()
        {
            ["group"] = type.Group,
            ["version"] = type.Version,
            ["kind"] = type.Kind,
        };

    // kubectl looks here for the query parameters that a verb takes (fieldValidation, dryRun) and for the resource's kind.
    private static void AddPaths(JsonObject paths, ResourceType type, bool isVersion3)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var collection = $"{root}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}";
        paths[collection] = new JsonObject
        {
            ["get"] = Operation(type, "list", isVersion3),
            ["post"] = Operation(type, "post", isVersion3),
        };
        paths[collection + "/{name}"] = new JsonObject
        {
            ["get"] = Operation(type, "get", isVersion3),
            ["put"] = Operation(type, "put", isVersion3),
            ["patch"] = Operation(type, "patch", isVersion3),
            ["delete"] = Operation(type, "delete", isVersion3),
        };
    }

    private static JsonObject Operation(ResourceType type, string action, bool isVersion3)
    {
        var parameters = new JsonArray();
        foreach (var name in action is "post" or "put" or "patch" ? new[] { "dryRun", "fieldManager", "fieldValidation" } : [])
        {
            var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
            if (isVersion3)
                parameter["schema"] = new JsonObject { ["type"] = "string" };
            else
                parameter["type"] = "string";
            parameters.Add(parameter);
        }
        return new JsonObject
        {
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = GroupVersionKind(type),
            ["parameters"] = parameters,
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        };
    }
}
