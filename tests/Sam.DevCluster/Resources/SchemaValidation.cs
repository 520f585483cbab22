using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>What no schema of a definition may say, structural or not.</summary>
internal static class SchemaValidation
{
    private static readonly string[] Unsupported =
    [
        "id",
        "additionalItems",
        "patternProperties",
        "definitions",
        "dependencies",
        "$ref",
    ];

    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        if (schema.IsTrue("uniqueItems"))
            errors.Add(
                FieldError.Forbidden(
                    $"{path}.uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
                )
            );
        if (
            schema.Object("properties") is { Count: > 0 }
            && schema.ContainsKey("additionalProperties")
            && schema.Child("additionalProperties").Flag() != false
        )
            errors.Add(
                FieldError.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive")
            );
        foreach (var name in Unsupported.Where(schema.ContainsKey))
            errors.Add(FieldError.Forbidden($"{path}.{name}", $"{name} is not supported"));
        if (schema.Child("items") is JsonArray)
            errors.Add(FieldError.Forbidden($"{path}.items", "items must be a schema object and not an array"));
        CheckValues(schema, path, errors);
        ListTypeValidation.Check(schema, path, errors);
        foreach (var (step, inner) in SchemaForm.Inner(schema).Where(pair => !Unsupported.Contains(pair.Step.Split('[')[0])))
            Check(inner, $"{path}.{step}", errors);
    }

    private static void CheckValues(JsonObject schema, string path, List<FieldError> errors)
    {
        var type = schema.Text("type") ?? "";
        if (type == "null")
            errors.Add(FieldError.Forbidden($"{path}.type", "type cannot be set to null, use nullable as an alternative"));
        else if (type.Length > 0 && !Types.Contains(type))
            errors.Add(FieldError.Unsupported($"{path}.type", JsonValue.Create(type), Types));
        if (schema.Text("pattern") is { } pattern && SchemaReader.Compile(pattern) is null)
            errors.Add(
                FieldError.Invalid(
                    $"{path}.pattern",
                    schema.Child("pattern"),
                    $"must be a valid regular expression, but isn't: error parsing regexp: {Complaint(pattern)}"
                )
            );
        if (schema.Child("x-kubernetes-preserve-unknown-fields").Flag() == false)
            errors.Add(
                FieldError.Invalid(
                    $"{path}.x-kubernetes-preserve-unknown-fields",
                    JsonValue.Create(false),
                    "must be true or undefined"
                )
            );
        if (schema.Text("x-kubernetes-map-type") is { } map && map is not ("atomic" or "granular"))
            errors.Add(FieldError.Unsupported($"{path}.x-kubernetes-map-type", JsonValue.Create(map), ["atomic", "granular"]));
    }

    private static string Complaint(string pattern) =>
        pattern.Count(c => c == '(') > pattern.Count(c => c == ')') ? $"missing closing ): `{pattern}`"
        : pattern.Count(c => c == '[') > pattern.Count(c => c == ']')
            ? $"missing closing ]: `{pattern[pattern.LastIndexOf('[')..]}`"
        : $"invalid or unsupported Perl syntax: `{pattern}`";
}
