using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>Custom resources: everything follows from the definition.</summary>
internal sealed class CustomStrategy(Schema schema, bool hasStatus, JsonObject version) : ResourceStrategy
{
    private readonly HashSet<string> _selectable =
    [
        .. (version.Array("selectableFields") ?? []).Select(field => field.Text("jsonPath")!.TrimStart('.')),
    ];

    public bool HasStatus => hasStatus;

    public override bool HasGeneration => true;

    public override void Prepare(JsonObject node, JsonObject? old) => Defaulting.Apply(node, schema);

    public override IEnumerable<string> Warnings(JsonObject node, JsonObject? old)
    {
        var before = old?.Object("metadata").Child("finalizers").Strings().ToHashSet() ?? [];
        return node.Metadata()
            .Child("finalizers")
            .Strings()
            .Where(name => !name.Contains('/') && !before.Contains(name) && name is not ("orphan" or "foregroundDeletion"))
            .Select(name =>
                $"metadata.finalizers: \"{name}\": prefer a domain-qualified finalizer name {(name.Contains('.') ? "including a path (/) " : "")}to avoid accidental conflicts with other finalizer writers"
            );
    }

    public override string? Select(JsonObject node, string field) =>
        _selectable.Contains(field) ? Scalar(node.At(field.Split('.'))) : base.Select(node, field);

    private static string Scalar(JsonNode? node) => node.Text() ?? (node is null ? "" : node.ToText());
}

/// <summary>Strategy None: only apiVersion differs; defaults of the present schema are filled in on reading.</summary>
internal sealed class CustomConversion(string apiVersion, Schema schema) : IVersionConversion
{
    public JsonObject FromStorage(JsonObject node)
    {
        node["apiVersion"] = apiVersion;
        Defaulting.DropNulls(node, schema);
        Defaulting.Apply(node, schema);
        return node;
    }

    public JsonObject ToStorage(JsonObject node) => node;
}
