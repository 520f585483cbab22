using System.Text.Json.Nodes;

namespace Sam.Compose.Parsing;

/// <summary>Values as JSON.</summary>
internal static class Json
{
    /// <summary>A list; null stays null.</summary>
    public static JsonArray? Strings(IEnumerable<string>? words) =>
        words is null ? null : new JsonArray([.. words.Select(word => (JsonNode?)word)]);

    /// <summary>A map; null stays null.</summary>
    public static JsonObject? Map(IEnumerable<KeyValuePair<string, string>>? pairs) =>
        pairs is null ? null : new JsonObject(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
