using System.Text.Json.Nodes;

namespace Sam.DevCluster.Json;

/// <summary>A decoded document as Go prints it: <c>map[a:1 b:[x y]]</c>.</summary>
internal static class GoMapText
{
    public static string Of(JsonNode? node) =>
        node switch
        {
            null => "<nil>",
            JsonObject map =>
                $"map[{string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Of(pair.Value)}"))}]",
            JsonArray list => $"[{string.Join(' ', list.Select(Of))}]",
            _ => node.Text() ?? node.ToText(),
        };
}
