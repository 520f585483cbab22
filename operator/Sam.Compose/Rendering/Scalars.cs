using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Compose.Rendering;

/// <summary>Plain values as Compose writes them.</summary>
internal static class Scalars
{
    /// <summary>A scalar as a string; null is empty.</summary>
    public static string Text(JsonNode? node) =>
        node switch
        {
            null => "",
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            JsonValue value when value.TryGetValue<double>(out var number) && value.GetValueKind() == JsonValueKind.Number =>
                number.ToString("R", CultureInfo.InvariantCulture),
            _ => node.ToJsonString(),
        };
}
