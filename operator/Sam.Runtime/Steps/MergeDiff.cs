using System.Text.Json.Nodes;

namespace Sam.Runtime.Steps;

/// <summary>The merge patch (RFC 7386) that makes one JSON document of another.</summary>
internal static class MergeDiff
{
    /// <summary>The patch, or null if the documents are equal.</summary>
    public static JsonObject? Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before)
        {
            if (!after.ContainsKey(name))
                patch[name] = null;
        }

        foreach (var (name, value) in after)
        {
            var old = before[name];
            if (JsonNode.DeepEquals(old, value))
                continue;
            patch[name] = old is JsonObject left && value is JsonObject right ? Between(left, right) : value?.DeepClone();
        }

        return patch.Count == 0 ? null : patch;
    }
}
