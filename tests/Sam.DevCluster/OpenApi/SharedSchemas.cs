using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>The schemas that several documents hold: metadata, lists, statuses, options, scale.</summary>
internal static class SharedSchemas
{
    private static readonly Lazy<JsonObject> Sources = new(Load);

    private static readonly string[] Scales = ["Scale", "ScaleSpec", "ScaleStatus"];

    /// <summary>Adds the shared schemas to the schemas of a document.</summary>
    /// <param name="schemas">The schemas so far.</param>
    /// <param name="form">The form of the document.</param>
    /// <param name="hasScale">Whether something in it is scaled.</param>
    /// <param name="hasWatchPaths">Whether it holds the old paths of watches.</param>
    public static void AddTo(JsonObject schemas, OpenApiForm form, bool hasScale, bool hasWatchPaths)
    {
        foreach (var (name, source) in Sources.Value)
        {
            if ((hasScale || !Scales.Contains(name)) && (hasWatchPaths || name != "WatchEvent"))
                schemas[SchemaNames.Shared(name)] = PublishedSchema.Of((JsonObject)source!, form);
        }
    }

    private static JsonObject Load()
    {
        using var stream = typeof(SharedSchemas).Assembly.GetManifestResourceStream("shared-schemas.yaml")!;
        using var reader = new StreamReader(stream);
        var sources = (JsonObject)YamlReading.Parse(reader.ReadToEnd())!;
        var metadata = ObjectMeta.Document.Copy();
        var fields = metadata.Object("properties")!;
        var owner = fields.Object("ownerReferences")!.Object("items")!.Copy();
        owner["description"] = "An object that this one depends on.";
        owner["required"] = new JsonArray("apiVersion", "kind", "name", "uid");
        var entry = fields.Object("managedFields")!.Object("items")!.Copy();
        entry["description"] = "Who wrote a set of fields.";
        Refer(entry.Object("properties")!, "time", "Time");
        Refer(entry.Object("properties")!, "fieldsV1", "FieldsV1");
        fields.Object("ownerReferences")!["items"] = new JsonObject { ["$ref"] = "OwnerReference" };
        fields.Object("managedFields")!["items"] = new JsonObject { ["$ref"] = "ManagedFieldsEntry" };
        foreach (var name in new[] { "creationTimestamp", "deletionTimestamp" })
            Refer(fields, name, "Time");
        fields.Object("deletionGracePeriodSeconds")!.Remove("nullable");
        sources["ObjectMeta"] = metadata;
        sources["OwnerReference"] = owner;
        sources["ManagedFieldsEntry"] = entry;
        return sources;
    }

    private static void Refer(JsonObject fields, string name, string schema)
    {
        var reference = new JsonObject { ["$ref"] = schema };
        if (fields.Object(name).Text("description") is { } description)
            reference["description"] = description;
        fields[name] = reference;
    }
}
