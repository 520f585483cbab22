using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Compose.Rendering;

/// <summary>JSON with sorted keys and no white space, as Caddy itself writes back what it was given.</summary>
internal static class CanonicalText
{
    public static string Of(JsonNode node) => Sorted(node)!.ToJsonString();

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(
                map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            null => null,
            _ => node.DeepClone(),
        };
}
