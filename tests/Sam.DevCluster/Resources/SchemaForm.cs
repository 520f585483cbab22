using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Resources;

/// <summary>Schemas in the form that the API server gives back: what Go leaves out when it is empty is left out.</summary>
internal static class SchemaForm
{
    private static readonly HashSet<string> DroppedWhenEmpty =
    [
        "id",
        "$schema",
        "$ref",
        "description",
        "type",
        "format",
        "title",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "uniqueItems",
        "nullable",
        "pattern",
        "required",
        "enum",
        "allOf",
        "oneOf",
        "anyOf",
        "properties",
        "patternProperties",
        "dependencies",
        "definitions",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-validations",
    ];

    public static void Tidy(JsonObject schema)
    {
        foreach (var (name, value) in schema.ToList())
        {
            if (value is null || (DroppedWhenEmpty.Contains(name) && IsEmpty(value)))
                schema.Remove(name);
        }
        foreach (var (_, inner) in Inner(schema))
            Tidy(inner);
    }

    /// <summary>Every schema right below, with its step in Kubernetes' field paths.</summary>
    public static IEnumerable<(string Step, JsonObject Schema)> Inner(JsonObject schema)
    {
        foreach (var name in new[] { "properties", "patternProperties", "definitions" })
        {
            foreach (var (key, property) in schema.Object(name) ?? [])
            {
                if (property is JsonObject inner)
                    yield return ($"{name}[{key}]", inner);
            }
        }
        foreach (var name in new[] { "items", "additionalProperties", "additionalItems" })
        {
            if (schema.Object(name) is { } inner)
                yield return (name, inner);
        }
        foreach (var (step, inner) in Junctors(schema))
            yield return (step, inner);
    }

    /// <summary>The schemas of allOf, anyOf, oneOf and not.</summary>
    public static IEnumerable<(string Step, JsonObject Schema)> Junctors(JsonObject schema)
    {
        foreach (var name in new[] { "allOf", "anyOf", "oneOf" })
        {
            var list = schema.Array(name) ?? [];
            for (var index = 0; index < list.Count; index++)
            {
                if (list[index] is JsonObject inner)
                    yield return ($"{name}[{index}]", inner);
            }
        }
        if (schema.Object("not") is { } not)
            yield return ("not", not);
    }

    private static bool IsEmpty(JsonNode value) =>
        value switch
        {
            JsonObject o => o.Count == 0,
            JsonArray list => list.Count == 0,
            _ => value.Text() == "" || value.Flag() == false,
        };
}
