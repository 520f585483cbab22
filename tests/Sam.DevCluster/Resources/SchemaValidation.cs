using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>What makes a schema structural.</summary>
internal static class SchemaValidation
{
    private static readonly string[] Unsupported =
    [
        "$ref",
        "definitions",
        "dependencies",
        "patternProperties",
        "additionalItems",
        "id",
    ];

    public static void Check(JsonObject schema, string path, bool isRoot, List<FieldError> errors)
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
            errors.Add(FieldError.Required($"{path}.type", "must not be empty for specified object fields"));
        foreach (var name in Unsupported.Where(schema.ContainsKey))
            errors.Add(FieldError.Forbidden($"{path}.{name}", $"{name} is not supported"));
        if (schema.IsTrue("uniqueItems"))
            errors.Add(
                FieldError.Forbidden(
                    $"{path}.uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
                )
            );
        if (schema.Object("properties") is { Count: > 0 } && schema.ContainsKey("additionalProperties"))
            errors.Add(
                FieldError.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive")
            );
        if (schema.Text("pattern") is { } pattern && SchemaReader.Compile(pattern) is null)
            errors.Add(
                FieldError.Invalid($"{path}.pattern", schema.Child("pattern"), "must be a valid regular expression, but isn't")
            );
        CheckDefault(schema, path, errors);
        CheckList(schema, type, path, errors);
        foreach (var (name, property) in schema.Object("properties") ?? [])
        {
            // The root's metadata is the server's own business.
            if (property is JsonObject inner && !(isRoot && name == "metadata"))
                Check(inner, $"{path}.properties[{name}]", isRoot: false, errors);
        }
        if (schema.Object("items") is { } items)
            Check(items, $"{path}.items", isRoot: false, errors);
        if (schema.Object("additionalProperties") is { } values)
            Check(values, $"{path}.additionalProperties", isRoot: false, errors);
    }

    private static void CheckDefault(JsonObject schema, string path, List<FieldError> errors)
    {
        if (schema.Child("default") is not { } preset)
            return;
        var wrapped = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["default"] = schema.DeepClone() },
        };
        foreach (var error in Validation.Check(new JsonObject { ["default"] = preset.DeepClone() }, SchemaReader.Read(wrapped)))
            errors.Add(
                error with
                {
                    Field = $"{path}.{error.Field}",
                    Body = error.Body.Replace(": default", $": {path}.default"),
                }
            );
    }

    private static void CheckList(JsonObject schema, string type, string path, List<FieldError> errors)
    {
        var listType = schema.Text("x-kubernetes-list-type");
        if (type == "array" && schema.Object("items") is null)
            errors.Add(FieldError.Required($"{path}.items", "must be specified"));
        if (listType is null)
            return;
        if (type != "array")
            errors.Add(
                FieldError.Invalid($"{path}.type", JsonValue.Create(type), "must be array if x-kubernetes-list-type is specified")
            );
        if (listType is not ("atomic" or "set" or "map"))
            errors.Add(
                FieldError.Unsupported($"{path}.x-kubernetes-list-type", JsonValue.Create(listType), ["atomic", "map", "set"])
            );
        if (listType != "map")
            return;
        var keys = schema.Child("x-kubernetes-list-map-keys").Strings().ToList();
        if (keys.Count == 0)
            errors.Add(
                FieldError.Required($"{path}.x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map")
            );
        var required = schema.At("items", "required").Strings().ToHashSet();
        foreach (var key in keys)
        {
            var property = schema.At("items", "properties", key);
            if (property is null)
                errors.Add(
                    FieldError.Invalid(
                        $"{path}.x-kubernetes-list-map-keys",
                        JsonValue.Create(key),
                        "must name a property of the items"
                    )
                );
            else if (!required.Contains(key) && property.Child("default") is null)
                errors.Add(
                    FieldError.Required(
                        $"{path}.items.properties[{key}].default",
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                    )
                );
        }
    }
}
