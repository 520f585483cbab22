using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>What makes a schema structural: every value has one type, said once and outside of the junctors.</summary>
internal static class StructuralValidation
{
    private static readonly (string Name, string Rule)[] ForbiddenInJunctors =
    [
        ("type", "must be empty to be structural"),
        ("title", "must be empty to be structural"),
        ("description", "must be empty to be structural"),
        ("default", "must be undefined to be structural"),
        ("additionalProperties", "must be undefined to be structural"),
        ("nullable", "must be false to be structural"),
        ("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
        ("x-kubernetes-embedded-resource", "must be false to be structural"),
        ("x-kubernetes-int-or-string", "must be false to be structural"),
        ("x-kubernetes-list-map-keys", "must be empty to be structural"),
        ("x-kubernetes-list-type", "must be undefined to be structural"),
        ("x-kubernetes-map-type", "must be undefined to be structural"),
        ("x-kubernetes-validations", "must be empty to be structural"),
    ];

    public static void Check(JsonObject schema, string path, bool isRoot, List<FieldError> errors, string place = "")
    {
        CheckType(schema, path, isRoot, errors, place);
        if (isRoot || schema.IsTrue("x-kubernetes-embedded-resource"))
            CheckResource(schema, path, errors);
        foreach (var (step, inner) in SchemaForm.Junctors(schema))
            CheckJunctor(inner, $"{path}.{step}", schema.IsTrue("x-kubernetes-int-or-string"), errors);
        foreach (var (name, property) in schema.Object("properties") ?? [])
        {
            if (property is JsonObject inner)
                Check(inner, $"{path}.properties[{name}]", isRoot: false, errors, "specified object fields");
        }
        if (schema.Object("items") is { } items)
            Check(items, $"{path}.items", isRoot: false, errors, "specified array items");
        if (schema.Object("additionalProperties") is { } values)
            Check(values, $"{path}.additionalProperties", isRoot: false, errors, "specified object fields");
    }

    private static void CheckType(JsonObject schema, string path, bool isRoot, List<FieldError> errors, string place)
    {
        var type = schema.Text("type") ?? "";
        if (isRoot && type != "object")
            errors.Add(
                type.Length == 0
                    ? FieldError.Required($"{path}.type", "must not be empty at the root")
                    : FieldError.Invalid($"{path}.type", JsonValue.Create(type), "must be object at the root")
            );
        else if (
            !isRoot
            && type.Length == 0
            && !schema.IsTrue("x-kubernetes-int-or-string")
            && !schema.IsTrue("x-kubernetes-preserve-unknown-fields")
        )
            errors.Add(FieldError.Required($"{path}.type", $"must not be empty for {place}"));
        if (type == "array" && schema.Object("items") is null)
            errors.Add(FieldError.Required($"{path}.items", "must be specified"));
        if (
            schema.IsTrue("x-kubernetes-embedded-resource")
            && schema.Object("properties") is not { Count: > 0 }
            && !schema.IsTrue("x-kubernetes-preserve-unknown-fields")
            && !isRoot
        )
            errors.Add(
                FieldError.Required(
                    $"{path}.properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"
                )
            );
    }

    // The server owns apiVersion, kind and metadata; a schema may restrict names only.
    private static void CheckResource(JsonObject schema, string path, List<FieldError> errors)
    {
        foreach (var name in new[] { "apiVersion", "kind" })
        {
            if (schema.At("properties", name, "type").Text() is { } type && type != "string")
                errors.Add(FieldError.Invalid($"{path}.properties[{name}].type", JsonValue.Create(type), "must be string"));
        }
        if (schema.At("properties", "metadata") is not JsonObject metadata)
            return;
        if (metadata.Text("type") is { } own && own != "object")
            errors.Add(FieldError.Invalid($"{path}.properties[metadata].type", JsonValue.Create(own), "must be object"));
        var isMore =
            (metadata.Object("properties") ?? []).Any(pair => pair.Key is not ("name" or "generateName"))
            || metadata.Any(pair => pair.Key is not ("type" or "description" or "title" or "properties"));
        if (isMore)
            errors.Add(
                FieldError.Forbidden(
                    $"{path}.properties[metadata]",
                    "must not specify anything other than name and generateName, but metadata is implicitly specified"
                )
            );
    }

    private static void CheckJunctor(JsonObject schema, string path, bool isIntOrString, List<FieldError> errors)
    {
        foreach (var (name, rule) in ForbiddenInJunctors)
        {
            // The two alternatives of int-or-string are the one place where types may stand.
            if (!schema.ContainsKey(name) || (name == "type" && isIntOrString))
                continue;
            errors.Add(FieldError.Forbidden($"{path}.{name}", rule));
        }
        foreach (var (step, inner) in SchemaForm.Inner(schema).Where(pair => pair.Step != "additionalProperties"))
            CheckJunctor(inner, $"{path}.{step}", isIntOrString: false, errors);
    }
}
