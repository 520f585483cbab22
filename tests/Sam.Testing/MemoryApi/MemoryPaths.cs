using System.Text.Json.Nodes;

namespace Sam.Testing.MemoryApi;

/// <summary>Paths and patches of the API in memory.</summary>
internal static class MemoryPaths
{
    public static bool IsCollection(string path) => path[(path.LastIndexOf('/') + 1)..].EndsWith('s');

    /// <summary>Whether an object belongs to a collection: of its namespace, or of all of them.</summary>
    public static bool IsIn(string path, string collection)
    {
        var plural = collection[(collection.LastIndexOf('/') + 1)..];
        var parent = path.AsSpan(0, path.LastIndexOf('/'));
        if (parent.SequenceEqual(collection))
            return true;
        return !collection.Contains("/namespaces/", StringComparison.Ordinal)
            && parent.EndsWith(plural, StringComparison.Ordinal)
            && parent[..^plural.Length].EndsWith("/", StringComparison.Ordinal)
            && parent.StartsWith(collection.AsSpan(0, collection.LastIndexOf('/')), StringComparison.Ordinal);
    }

    /// <summary>Whether an object has the labels of a selector (`key=value` and commas).</summary>
    public static bool HasLabels(JsonObject entity, string? selector) =>
        string.IsNullOrEmpty(selector)
        || selector
            .Split(',')
            .Select(rule => rule.Split('=', 2))
            .All(rule => entity["metadata"]?["labels"]?[rule[0]]?.GetValue<string>() == rule[1]);

    /// <summary>RFC 7386.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }
}
