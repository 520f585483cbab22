using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules of <c>spec.versions</c>; what all versions share is named at the top of spec, as the server's own form has it.</summary>
internal static class VersionValidation
{
    private static readonly (string Field, string Shared, string Own)[] Shareable =
    [
        ("schema", "Schema", "schema"),
        ("subresources", "Subresources", "subresources"),
        ("additionalPrinterColumns", "AdditionalPrinterColumns", "additionalPrinterColumns"),
        ("selectableFields", "SelectableFields", "selectableFields"),
    ];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var versions = DefinitionReader.Versions(spec).ToList();
        for (var index = 0; index < versions.Count; index++)
        {
            if (versions[index].At("schema", "openAPIV3Schema") is not JsonObject)
                errors.Add(FieldError.Required($"spec.versions[{index}].schema.openAPIV3Schema"));
        }
        for (var index = 0; index < versions.Count; index++)
        {
            CheckName(versions[index].Text("name"), $"spec.versions[{index}].name", errors);
            if (versions[index].Text("deprecationWarning") is { } warning && !versions[index].IsTrue("deprecated"))
                errors.Add(
                    FieldError.Invalid(
                        $"spec.versions[{index}].deprecationWarning",
                        JsonValue.Create(warning),
                        "can only be set for deprecated versions"
                    )
                );
            foreach (var (field, _, _) in Shareable.Where(form => !IsShared(versions, form.Field)))
                CheckField(versions[index], field, $"spec.versions[{index}]", versions[index], errors);
        }
        if (spec.IsTrue("preserveUnknownFields"))
            errors.Add(
                FieldError.Invalid(
                    "spec.preserveUnknownFields",
                    JsonValue.Create(true),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
                )
            );
        if (versions.DistinctBy(version => version.Text("name"), StringComparer.Ordinal).Count() < versions.Count)
            errors.Add(FieldError.InvalidRaw("spec.versions", Printed(spec, versions), "must contain unique version names"));
        if (versions.Count(version => version.IsTrue("storage")) != 1)
            errors.Add(
                FieldError.InvalidRaw(
                    "spec.versions",
                    Printed(spec, versions),
                    "must have exactly one version marked as storage version"
                )
            );
        if (versions.Count > 0)
            CheckName(versions[0].Text("name"), "spec.version", errors);
    }

    /// <summary>What all versions have alike, at the top of spec.</summary>
    public static void CheckShared(JsonObject spec, List<FieldError> errors)
    {
        var versions = DefinitionReader.Versions(spec).ToList();
        foreach (var (field, _, _) in Shareable.Where(form => IsShared(versions, form.Field)))
            CheckField(versions[0], field, "spec", versions[0], errors);
    }

    private static bool IsShared(List<JsonObject> versions, string field) =>
        versions.Count > 0 && versions.TrueForAll(version => JsonAccess.Same(version.Child(field), versions[0].Child(field)));

    private static void CheckField(JsonObject version, string field, string at, JsonObject owner, List<FieldError> errors)
    {
        switch (field)
        {
            case "schema" when version.At("schema", "openAPIV3Schema") is JsonObject schema:
                CheckSchema(schema, $"{at}.{(at == "spec" ? "validation" : "schema")}.openAPIV3Schema", errors);
                break;
            case "subresources":
                ColumnValidation.CheckSubresources(owner.Object("subresources"), $"{at}.subresources", errors);
                break;
            case "additionalPrinterColumns":
                ColumnValidation.CheckColumns(owner.Array(field), $"{at}.{field}", errors);
                break;
            case "selectableFields":
                ColumnValidation.CheckSelectable(
                    owner.Array(field),
                    owner.At("schema", "openAPIV3Schema") as JsonObject ?? [],
                    $"{at}.{field}",
                    errors
                );
                break;
        }
    }

    private static void CheckSchema(JsonObject schema, string path, List<FieldError> errors)
    {
        var before = errors.Count;
        SchemaValidation.Check(schema, path, errors);
        if (errors.Count == before)
            StructuralValidation.Check(schema, path, isRoot: true, errors);
        if (errors.Count > before)
            return; // the real server does not go on to defaults and rules either
        DefaultValidation.Check(schema, path, isRoot: true, errors);
        errors.AddRange(CelCheck.Schema(schema, path));
    }

    private static void CheckName(string? name, string path, List<FieldError> errors)
    {
        if (!Names.IsDns1035Label(name ?? ""))
            errors.Add(FieldError.Invalid(path, JsonValue.Create(name ?? ""), Names.Dns1035Rule));
    }

    // As Go prints its own form: shared fields have moved to spec.
    private static string Printed(JsonObject spec, List<JsonObject> versions)
    {
        if (spec.Child("versions") is not JsonArray)
            return "null";
        var list = new JsonArray();
        foreach (var version in versions)
        {
            var printed = new JsonObject
            {
                ["Name"] = version.Text("name"),
                ["Served"] = version.IsTrue("served"),
                ["Storage"] = version.IsTrue("storage"),
                ["Deprecated"] = version.IsTrue("deprecated"),
                ["DeprecationWarning"] = version.Text("deprecationWarning"),
            };
            foreach (var (field, shared, own) in Shareable)
                printed[shared] = IsShared(versions, field) ? null : version.Child(own)?.DeepClone();
            list.Add(printed);
        }
        return list.ToText();
    }
}
