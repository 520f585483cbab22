using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules of printer columns, selectable fields and the scale subresource.</summary>
internal static class ColumnValidation
{
    private static readonly string[] Types = ["boolean", "date", "integer", "number", "string"];

    private static readonly string[] Formats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    public static void CheckColumns(JsonArray? columns, string path, List<FieldError> errors)
    {
        for (var index = 0; index < (columns?.Count ?? 0); index++)
        {
            var (column, at) = (columns![index], $"{path}[{index}]");
            if (string.IsNullOrEmpty(column.Text("name")))
                errors.Add(FieldError.Required($"{at}.name"));
            if (string.IsNullOrEmpty(column.Text("type")))
                errors.Add(FieldError.Required($"{at}.type", $"must be one of {string.Join(',', Types)}"));
            else if (!Types.Contains(column.Text("type")))
                errors.Add(FieldError.Invalid($"{at}.type", column.Child("type"), $"must be one of {string.Join(',', Types)}"));
            if (column.Text("format") is { Length: > 0 } format && !Formats.Contains(format))
                errors.Add(
                    FieldError.Invalid($"{at}.format", column.Child("format"), $"must be one of {string.Join(',', Formats)}")
                );
            if (column.Text("jsonPath") is not { Length: > 0 } jsonPath)
                errors.Add(FieldError.Required($"{at}.JSONPath"));
            else if (jsonPath[0] != '.')
                errors.Add(
                    FieldError.Invalid($"{at}.JSONPath", column.Child("jsonPath"), "must be a simple json path starting with .")
                );
        }
    }

    public static void CheckSubresources(JsonObject? subresources, string path, List<FieldError> errors)
    {
        if (subresources.Object("scale") is not { } scale)
            return;
        CheckPath(scale, "specReplicasPath", [".spec."], "under .spec", isRequired: true, $"{path}.scale", errors);
        CheckPath(scale, "statusReplicasPath", [".status."], "under .status", isRequired: true, $"{path}.scale", errors);
        CheckPath(
            scale,
            "labelSelectorPath",
            [".spec.", ".status."],
            "under either .spec or .status",
            isRequired: false,
            $"{path}.scale",
            errors
        );
    }

    public static void CheckSelectable(JsonArray? fields, JsonObject schema, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < (fields?.Count ?? 0); index++)
        {
            var jsonPath = fields![index].Text("jsonPath") ?? "";
            var at = $"{path}[{index}].jsonPath";
            if (jsonPath.Length == 0)
                errors.Add(FieldError.Required(at));
            else if (Problem(jsonPath, schema) is { } problem)
                errors.Add(FieldError.Invalid(at, JsonValue.Create(jsonPath), problem));
            else if (!seen.Add(jsonPath))
                errors.Add(FieldError.Duplicate(at, JsonValue.Create(jsonPath)));
        }
    }

    private static string? Problem(string path, JsonObject schema)
    {
        if (path[0] != '.')
            return $"is an invalid path: expected [ or . but got: {path.Split('.', '[')[0]}";
        if (path.Contains('['))
            return "is an invalid path: array notation is not allowed";
        var steps = path[1..].Split('.');
        JsonNode? found = steps[0] == "metadata" ? null : schema;
        foreach (var step in steps)
            found = found.At("properties", step);
        if (found is null)
            return "is an invalid path: does not refer to a valid field";
        return found.Text("type") is "string" or "boolean" or "integer"
            ? null
            : "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
    }

    private static void CheckPath(
        JsonObject scale,
        string name,
        string[] starts,
        string where,
        bool isRequired,
        string path,
        List<FieldError> errors
    )
    {
        var value = scale.Text(name) ?? "";
        if (value.Length == 0)
        {
            if (isRequired)
                errors.Add(FieldError.Required($"{path}.{name}"));
        }
        else if (!starts.Any(start => value.StartsWith(start, StringComparison.Ordinal)))
        {
            errors.Add(FieldError.Invalid($"{path}.{name}", JsonValue.Create(value), $"should be a json path {where}"));
        }
    }
}
