using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>How big a value can be that fits a schema and one request.</summary>
internal static class CelSizes
{
    private const double Request = 3 * 1024 * 1024;
    private const int BytesPerCharacter = 4;

    /// <summary>How often a value of this schema fits into one request.</summary>
    public static double Cardinality(JsonObject schema) => Math.Floor(Request / (Least(schema) + 1));

    /// <summary>The most bytes, items or entries; zero for what has none.</summary>
    public static double Most(JsonObject? schema) =>
        schema.Text("type") switch
        {
            "string" => Text(schema!),
            "array" => Number(schema, "maxItems") ?? Math.Floor((Request - 2) / (Least(schema.Object("items")) + 1)),
            "object" when schema.Object("additionalProperties") is { } values => Number(schema, "maxProperties")
                ?? Math.Floor((Request - 2) / (Least(values) + 6)),
            _ => 0,
        };

    public static double? Number(JsonObject? schema, string name) => schema.Child(name).TryInteger(out var value) ? value : null;

    private static double Text(JsonObject schema)
    {
        if (schema.Array("enum") is { Count: > 0 } values)
            return values.Max(value => value.Text()?.Length ?? 0);
        return (schema.Text("format"), Number(schema, "maxLength")) switch
        {
            ("duration", null) => 32,
            ("date", null) => 12,
            ("date-time", null) => 34,
            (_, { } length) => length * BytesPerCharacter,
            _ => Request - 2,
        };
    }

    // The fewest bytes of such a value as JSON.
    private static double Least(JsonObject? schema) =>
        schema.Text("type") switch
        {
            "string" or "array" => 2,
            "boolean" => 4,
            "object" => 2
                + schema
                    .Child("required")
                    .Strings()
                    .Where(name => schema.At("properties", name) is JsonObject property && !property.ContainsKey("default"))
                    .Sum(name => name.Length + 4 + Least((JsonObject)schema.At("properties", name)!)),
            _ => 1,
        };
}
