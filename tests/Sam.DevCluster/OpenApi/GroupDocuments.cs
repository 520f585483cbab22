using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.OpenApi;

/// <summary>One document per group version; made once for the same resources.</summary>
internal sealed class GroupDocuments(ResourceCatalog catalog)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Made> _made = new(StringComparer.Ordinal);

    /// <summary>The list of documents, each with the hash of its content.</summary>
    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var path in Paths().Order(StringComparer.Ordinal))
            paths[path] = new JsonObject { ["serverRelativeURL"] = Url(path, Find(path)!.Hash) };
        return new JsonObject { ["paths"] = paths };
    }

    public static string Url(string path, string hash) => $"/openapi/v3/{path}?hash={hash}";

    /// <summary>A document by its path; null when there is none.</summary>
    public OpenApiDocument? Find(string path)
    {
        var types = TypesAt(path);
        if (types.Count == 0 && !InfoPaths.Exists(path, catalog))
            return null;
        lock (_gate)
        {
            if (_made.TryGetValue(path, out var made) && made.Types.SequenceEqual(types))
                return made.Document;
            var document = new OpenApiDocument(Document(path, types).ToUtf8());
            _made[path] = new Made(types, document);
            return document;
        }
    }

    private IEnumerable<string> Paths() =>
        catalog
            .All.Concat(UnstoredTypes.All)
            .SelectMany(type => type.IsCustom ? [PathOf(type)] : new[] { PathOf(type), InfoPaths.OfGroup(type) })
            .Concat(["api", "apis", "version"])
            .Distinct(StringComparer.Ordinal);

    private static string PathOf(ResourceType type) => (type.Group.Length == 0 ? "api/" : "apis/") + type.ApiVersion;

    private List<ResourceType> TypesAt(string path) =>
        [.. catalog.All.Concat(UnstoredTypes.All).Where(type => PathOf(type) == path)];

    private static JsonObject Document(string path, List<ResourceType> types)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        if (types.Count == 0 || !types[0].IsCustom)
            InfoPaths.Add(paths, path);
        foreach (var type in types)
            AddType(paths, schemas, type, OpenApiForm.Version3);
        if (types.Count > 0)
            SharedSchemas.AddTo(schemas, OpenApiForm.Version3, types.Any(type => type.Scale is not null), !types[0].IsCustom);
        var isCustom = types.Count > 0 && types[0].IsCustom;
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = isCustom ? "Kubernetes CRD Swagger" : "Kubernetes",
                ["version"] = isCustom ? "v0.1.0" : ServerVersion.Name,
            },
            ["paths"] = Sorted(paths),
            ["components"] = new JsonObject { ["schemas"] = Sorted(schemas) },
        };
    }

    /// <summary>Adds the paths and schemas of a resource.</summary>
    public static void AddType(JsonObject paths, JsonObject schemas, ResourceType type, OpenApiForm form)
    {
        AddSchema(schemas, type, form);
        if (type.Verbs is ["create"])
        {
            PathItems.AddReview(paths, type);
            return;
        }
        schemas[SchemaNames.OfList(type)] = KindSchemas.OfList(type, form);
        if (type.Verbs is not null)
            PathItems.AddReading(paths, type);
        else
            PathItems.Add(paths, type);
        if (type is { Kind: "ServiceAccount", IsCustom: false })
            AddSchema(schemas, ReviewTypes.TokenRequest, form);
    }

    private static void AddSchema(JsonObject schemas, ResourceType type, OpenApiForm form)
    {
        schemas[SchemaNames.Of(type)] = KindSchemas.Of(type, form);
        if (!type.IsCustom)
            BuiltInStructs.AddReferred(schemas, SchemaNames.Of(type), form);
    }

    public static JsonObject Sorted(JsonObject entries) =>
        new(
            entries
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
        );

    private sealed record Made(List<ResourceType> Types, OpenApiDocument Document);
}

/// <summary>The bytes of a document and what names them.</summary>
internal sealed record OpenApiDocument(byte[] Json)
{
    public string Hash { get; } = Convert.ToHexString(SHA512.HashData(Json));
}
