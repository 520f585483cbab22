using System.Text.Json.Nodes;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>Everything in one document of Swagger 2.0; made once for the same resources.</summary>
internal sealed class SwaggerDocument(ResourceCatalog catalog)
{
    private readonly Lock _gate = new();
    private (int Generation, OpenApiDocument Document, byte[] Protobuf)? _made;

    public OpenApiDocument Json => Make().Document;

    /// <summary>The same in the form that Go clients ask for.</summary>
    public byte[] Protobuf => Make().Protobuf;

    private (int Generation, OpenApiDocument Document, byte[] Protobuf) Make()
    {
        lock (_gate)
        {
            var generation = catalog.Generation;
            if (_made is { } made && made.Generation == generation)
                return made;
            var document = Document();
            var fresh = (generation, new OpenApiDocument(document.ToUtf8()), SwaggerProtobuf.Encode(document));
            _made = fresh;
            return fresh;
        }
    }

    private JsonObject Document()
    {
        var types = catalog.All.Concat(UnstoredTypes.All).ToList();
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var path in new[] { "api", "apis", "version" })
            InfoPaths.Add(paths, path);
        foreach (var type in types)
            GroupDocuments.AddType(paths, schemas, type, OpenApiForm.Version2);
        SharedSchemas.AddTo(schemas, OpenApiForm.Version2, hasScale: true, hasWatchPaths: true);
        foreach (var (_, item) in paths)
            SwaggerPaths.Convert((JsonObject)item!);
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = ServerVersion.Name },
            ["paths"] = GroupDocuments.Sorted(paths),
            ["definitions"] = GroupDocuments.Sorted(schemas),
        };
    }
}
