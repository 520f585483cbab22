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

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        if (node.Object("spec") is not { } spec)
            return;
        var names = spec.Ensure("names");
        if (names.Text("kind") is { } kind)
        {
            names["singular"] ??= kind.ToLowerInvariant();
            names["listKind"] ??= kind + "List";
        }
        if (spec.Child("conversion") is null)
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        if (old is null)
        {
            node["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(),
                ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
                ["storedVersions"] = new JsonArray([
                    .. DefinitionReader
                        .Versions(spec)
                        .Where(version => version.IsTrue("storage"))
                        .Select(version => (JsonNode?)version.Text("name")),
                ]),
            };
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old) => DefinitionValidation.Check(node, old);

    public override void BeforeDelete(JsonObject node)
    {
        var finalizers = node.Metadata().Array("finalizers") ?? [];
        if (!finalizers.Strings().Contains(CleanupFinalizer))
            finalizers.Add(CleanupFinalizer);
        node.Metadata()["finalizers"] ??= finalizers;
    }
}
