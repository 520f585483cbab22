using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Checks;

/// <summary>The words of a structural schema that our manifests may use, and short ways to read them.</summary>
internal static class SchemaKeys
{
    /// <summary>Keys that a node may have; apiextensions v1 forbids or ignores all others that JSON Schema knows ($ref, definitions, ...).</summary>
    public static readonly IReadOnlySet<string> Known = new HashSet<string>(StringComparer.Ordinal)
    {
        "description",
        "type",
        "format",
        "default",
        "enum",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "maxProperties",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-map-type",
        "x-kubernetes-validations",
    };

    public static readonly IReadOnlySet<string> Types = new HashSet<string>(StringComparer.Ordinal)
    {
        "object",
        "array",
        "string",
        "integer",
        "number",
        "boolean",
    };

    public static string? Text(this JsonObject node, string key) => (node[key] as JsonValue)?.GetValue<string>();

    public static double? Number(this JsonObject node, string key) => (node[key] as JsonValue)?.AsNumber();

    public static JsonObject? Child(this JsonObject node, string key) => node[key] as JsonObject;

    public static IEnumerable<KeyValuePair<string, JsonObject>> Properties(this JsonObject node) =>
        node.Child("properties")
            ?.Where(pair => pair.Value is JsonObject)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonObject)pair.Value!))
        ?? [];

    public static IReadOnlyList<string> Texts(this JsonObject node, string key) =>
        node[key] is JsonArray list ? [.. list.Select(item => item!.GetValue<string>())] : [];

    /// <summary>A number of either form: one that was read from a text or one that was written by code.</summary>
    public static double? AsNumber(this JsonValue value) =>
        value.TryGetValue<double>(out var real) ? real
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<int>(out var small) ? small
        : null;
}
