using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Schemas;

/// <summary>Default values as JSON.</summary>
internal static class Defaults
{
    /// <summary>The JSON of what an attribute says; objects, lists and maps are given as JSON text.</summary>
    public static JsonNode ToJson(object value, Type type) =>
        value switch
        {
            bool flag => flag,
            int number => number,
            long number => number,
            string text when type == typeof(string) || type == typeof(Duration) || type.IsEnum => text,
            string json => JsonNode.Parse(json)!,
            _ => throw new NotSupportedException($"A default of type {value.GetType().Name} has no JSON form"),
        };
}
