using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Testing.Compose;

/// <summary>Where two documents differ, by path; the order of keys and the form of numbers do not count.</summary>
public static class JsonDifference
{
    /// <summary>Empty: they say the same.</summary>
    public static IReadOnlyList<string> Between(JsonNode? expected, JsonNode? actual, string path = "") =>
        (expected, actual) switch
        {
            (JsonObject one, JsonObject other) =>
            [
                .. one.Select(entry => entry.Key)
                    .Union(other.Select(entry => entry.Key))
                    .SelectMany(key =>
                        !one.ContainsKey(key) ? [$"{path}.{key} is not expected"]
                        : !other.ContainsKey(key) ? [$"{path}.{key} is missing"]
                        : Between(one[key], other[key], $"{path}.{key}")
                    ),
            ],
            (JsonArray one, JsonArray other) => one.Count != other.Count
                ? [$"{path} has {other.Count} items, not {one.Count}"]
                : [.. one.Zip(other).SelectMany((pair, index) => Between(pair.First, pair.Second, $"{path}[{index}]"))],
            _ => Same(expected, actual) ? [] : [$"{path} is {actual?.ToJsonString()}, not {expected?.ToJsonString()}"],
        };

    private static bool Same(JsonNode? one, JsonNode? other) =>
        one?.GetValueKind() == JsonValueKind.Number && other?.GetValueKind() == JsonValueKind.Number
            ? decimal.Parse(one.ToJsonString(), System.Globalization.NumberStyles.Float)
                == decimal.Parse(other.ToJsonString(), System.Globalization.NumberStyles.Float)
            : JsonNode.DeepEquals(one, other);
}
