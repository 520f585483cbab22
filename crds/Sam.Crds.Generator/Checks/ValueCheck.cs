using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Crds.Generator.Checks;

/// <summary>Holds values (defaults, samples) against a schema as a server with strict field validation does; CEL rules are not run.</summary>
public static class ValueCheck
{
    /// <summary>What a server would refuse in the value, each with its path.</summary>
    public static IReadOnlyList<string> Problems(JsonObject schema, JsonNode value, string path)
    {
        var problems = new List<string>();
        Check(schema, value, path, problems);
        return problems;
    }

    private static void Check(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        switch (schema.Text("type"), value)
        {
            case ("object", JsonObject map):
                Object(schema, map, path, problems);
                break;
            case ("array", JsonArray list):
                List(schema, list, path, problems);
                break;
            case ("string", JsonValue text) when text.GetValueKind() == JsonValueKind.String:
                Text(schema, text.GetValue<string>(), path, problems);
                break;
            case ("boolean", JsonValue flag) when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                break;
            case ("integer" or "number", JsonValue number) when number.GetValueKind() == JsonValueKind.Number:
                Number(schema, number.AsNumber()!.Value, path, problems);
                break;
            case var (type, _):
                problems.Add($"{path}: is no {type}");
                break;
        }
    }

    private static void Object(JsonObject schema, JsonObject map, string path, List<string> problems)
    {
        // A server completes what metadata is; its fields are not in our schema.
        if (schema.Count == 1 && path.EndsWith("metadata", StringComparison.Ordinal))
            return;
        var known = schema.Properties().ToDictionary(StringComparer.Ordinal);
        foreach (var name in schema.Texts("required").Where(name => !map.ContainsKey(name) && known[name]["default"] is null))
            problems.Add($"{path}.{name}: is required");
        if (map.Count > (schema.Number("maxProperties") ?? double.MaxValue))
            problems.Add($"{path}: has more than {schema["maxProperties"]} entries");
        foreach (var (name, child) in map)
        {
            if (known.TryGetValue(name, out var property))
                Check(property, child, $"{path}.{name}", problems);
            else if (schema.Child("additionalProperties") is { } values)
                Check(values, child, $"{path}.{name}", problems);
            else
                problems.Add($"{path}.{name}: is no field");
        }
    }

    private static void List(JsonObject schema, JsonArray list, string path, List<string> problems)
    {
        if (list.Count > (schema.Number("maxItems") ?? double.MaxValue))
            problems.Add($"{path}: has more than {schema["maxItems"]} entries");
        if (list.Count < (schema.Number("minItems") ?? 0))
            problems.Add($"{path}: has fewer than {schema["minItems"]} entries");
        for (var i = 0; i < list.Count; i++)
            Check(schema.Child("items")!, list[i], $"{path}[{i}]", problems);
        var keys = schema.Texts("x-kubernetes-list-map-keys");
        var identities = schema.Text("x-kubernetes-list-type") switch
        {
            "map" => list.Select(item => string.Join('/', keys.Select(key => (item as JsonObject)?[key]?.ToJsonString()))),
            "set" => list.Select(item => item?.ToJsonString() ?? "null"),
            _ => [],
        };
        foreach (var twice in identities.GroupBy(identity => identity).Where(group => group.Count() > 1))
            problems.Add($"{path}: has {twice.Key} twice");
    }

    private static void Text(JsonObject schema, string text, string path, List<string> problems)
    {
        if (text.Length < (schema.Number("minLength") ?? 0) || text.Length > (schema.Number("maxLength") ?? double.MaxValue))
            problems.Add($"{path}: has {text.Length} characters");
        if (
            schema.Text("pattern") is { } pattern
            && !Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1))
        )
            problems.Add($"{path}: '{text}' does not match {pattern}");
        if (schema.ContainsKey("enum") && !schema.Texts("enum").Contains(text))
            problems.Add($"{path}: '{text}' is none of {string.Join(", ", schema.Texts("enum"))}");
        if (schema.Text("format") == "date-time" && !IsDateTime(text))
            problems.Add($"{path}: '{text}' is no RFC 3339 time");
    }

    private static bool IsDateTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal);

    private static void Number(JsonObject schema, double number, string path, List<string> problems)
    {
        if (number < (schema.Number("minimum") ?? double.MinValue) || number > (schema.Number("maximum") ?? double.MaxValue))
            problems.Add($"{path}: {number} is out of bounds");
        if (schema.Text("type") == "integer" && number != Math.Floor(number))
            problems.Add($"{path}: {number} is no integer");
        if (schema.Text("format") == "int32" && (number < int.MinValue || number > int.MaxValue))
            problems.Add($"{path}: {number} does not fit into 32 bits");
    }
}
