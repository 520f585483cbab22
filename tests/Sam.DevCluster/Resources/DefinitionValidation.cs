using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules for definitions: names, versions and structural schemas.</summary>
internal static class DefinitionValidation
{
    public static List<FieldError> Check(JsonObject definition, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var spec = definition.Object("spec") ?? [];
        CheckNames(definition, spec, errors);
        CheckVersions(spec, errors);
        if (old?.Object("spec") is { } before)
        {
            if (before.Text("group") != spec.Text("group"))
                errors.Add(FieldError.Invalid("spec.group", spec.Child("group"), "field is immutable"));
            if (before.Text("scope") != spec.Text("scope"))
                errors.Add(FieldError.Invalid("spec.scope", spec.Child("scope"), "field is immutable"));
        }
        return errors;
    }

    private static void CheckNames(JsonObject definition, JsonObject spec, List<FieldError> errors)
    {
        var group = spec.Text("group") ?? "";
        var names = spec.Object("names");
        var plural = names.Text("plural") ?? "";
        if (definition.Name() != $"{plural}.{group}")
            errors.Add(
                FieldError.Invalid(
                    "metadata.name",
                    JsonValue.Create(definition.Name()),
                    "must be spec.names.plural+\".\"+spec.group"
                )
            );
        if (group.Length == 0)
            errors.Add(FieldError.Required("spec.group"));
        else if (!group.Contains('.'))
            errors.Add(FieldError.Invalid("spec.group", JsonValue.Create(group), "should be a domain with at least one dot"));
        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
            errors.Add(
                spec.Text("scope") is null or ""
                    ? FieldError.Required("spec.scope")
                    : FieldError.Unsupported("spec.scope", spec.Child("scope"), ["Cluster", "Namespaced"])
            );
        foreach (var name in new[] { "plural", "singular", "kind", "listKind" })
        {
            var value = names.Text(name) ?? "";
            if (value.Length == 0)
                errors.Add(FieldError.Required($"spec.names.{name}"));
            else if (!Names.IsDnsLabel(value.ToLowerInvariant()) || (name is "plural" or "singular" && value.Any(char.IsUpper)))
                errors.Add(FieldError.Invalid($"spec.names.{name}", JsonValue.Create(value), "must be a DNS label"));
        }
        if (names.Text("kind") is { Length: > 0 } kind && kind == names.Text("listKind"))
            errors.Add(
                FieldError.Invalid("spec.names.listKind", JsonValue.Create(kind), "kind and listKind may not be the same")
            );
    }

    private static void CheckVersions(JsonObject spec, List<FieldError> errors)
    {
        var versions = DefinitionReader.Versions(spec).ToList();
        if (versions.Count == 0)
            errors.Add(FieldError.Invalid("spec.versions", new JsonArray(), "must have at least one version"));
        if (versions.Count(version => version.IsTrue("storage")) != 1)
            errors.Add(
                FieldError.Invalid(
                    "spec.versions",
                    spec.Child("versions"),
                    "must have exactly one version marked as storage version"
                )
            );
        for (var index = 0; index < versions.Count; index++)
        {
            var path = $"spec.versions[{index}]";
            if (versions[index].At("schema", "openAPIV3Schema") is not JsonObject schema)
            {
                errors.Add(FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required"));
                continue;
            }
            SchemaValidation.Check(schema, $"{path}.schema.openAPIV3Schema", isRoot: true, errors);
            foreach (var problem in CelCheck.Schema(schema, $"{path}.schema.openAPIV3Schema"))
                errors.Add(problem);
        }
    }
}
