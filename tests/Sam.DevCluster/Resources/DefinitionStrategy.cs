using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>CustomResourceDefinitions: default names, and refusal of what the API server refuses.</summary>
internal sealed class DefinitionStrategy : ResourceStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override bool HasGeneration => true;

    public override bool DeleteAnswersObject => true;

    public override JsonObject Blank =>
        new()
        {
            ["spec"] = new JsonObject
            {
                ["group"] = "",
                ["names"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
                ["scope"] = "",
                ["versions"] = null,
            },
        };

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        if (node.Object("spec") is not { } spec)
            return;
        var names = spec.Ensure("names");
        if (names.Text("kind") is { Length: > 0 } kind)
        {
            if (names.Text("singular") is not { Length: > 0 })
                names["singular"] = kind.ToLowerInvariant();
            if (names.Text("listKind") is not { Length: > 0 })
                names["listKind"] = kind + "List";
        }
        if (spec.Child("conversion") is null)
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        foreach (var version in DefinitionReader.Versions(spec))
        {
            if (version.At("schema", "openAPIV3Schema") is JsonObject schema)
                SchemaForm.Tidy(schema);
        }
        if (old is not null)
            return;
        var stored = DefinitionReader.Versions(spec).FirstOrDefault(version => version.IsTrue("storage"));
        node["status"] = new JsonObject
        {
            ["conditions"] = null,
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = stored is null ? null : new JsonArray(stored.Text("name")),
        };
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old) => DefinitionValidation.Check(node, old);

    public override IEnumerable<string> Warnings(JsonObject node, JsonObject? old) =>
        DefinitionReader
            .Versions(node.Object("spec") ?? [])
            .SelectMany(version => Formats(version.At("schema", "openAPIV3Schema")))
            .Where(format => !StringFormats.IsKnown(format))
            .Select(format => $"unrecognized format \"{format}\"");

    private static IEnumerable<string> Formats(JsonNode? node) =>
        node switch
        {
            JsonObject schema => schema
                .Where(pair => pair.Key is not ("default" or "enum" or "example"))
                .SelectMany(pair => Formats(pair.Value))
                .Concat(schema.Text("format") is { } format && schema.Text("type") == "string" ? [format] : []),
            JsonArray list => list.SelectMany(Formats),
            _ => [],
        };

    public override void BeforeDelete(JsonObject node, string now)
    {
        var finalizers = node.Metadata().Array("finalizers") ?? [];
        if (!finalizers.Strings().Contains(CleanupFinalizer))
            finalizers.Add(CleanupFinalizer);
        node.Metadata()["finalizers"] ??= finalizers;
        var status = node.Ensure("status");
        if (status.Array("conditions") is not { } conditions)
            status["conditions"] = conditions = [];
        conditions.Add(
            new JsonObject
            {
                ["type"] = "Terminating",
                ["status"] = "True",
                ["lastTransitionTime"] = now,
                ["reason"] = "InstanceDeletionPending",
                ["message"] = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
            }
        );
    }
}
