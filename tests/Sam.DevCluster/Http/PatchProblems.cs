using System.Text.Json.Nodes;

namespace Sam.DevCluster.Http;

/// <summary>What a patch says twice or says in vain; told with the faults of its result.</summary>
internal static class PatchProblems
{
    private static readonly string[] OfOperation = ["op", "path", "from", "value"];

    public static IReadOnlyList<string> Of(string media, JsonNode? patch, IEnumerable<string> duplicates)
    {
        var isOperations = media == "application/json-patch+json";
        var start = isOperations ? "json patch " : "";
        var problems = duplicates.Select(path => $"{start}duplicate field \"{path}\"").ToList();
        if (isOperations && patch is JsonArray operations)
            for (var index = 0; index < operations.Count; index++)
                problems.AddRange(
                    (operations[index] as JsonObject ?? [])
                        .Where(field => !OfOperation.Contains(field.Key))
                        .Select(field => $"{start}unknown field \"[{index}].{field.Key}\"")
                );
        return problems;
    }
}
