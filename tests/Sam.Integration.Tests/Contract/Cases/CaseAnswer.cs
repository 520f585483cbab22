using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>One answer of the API server.</summary>
public sealed record CaseAnswer(int Code, JsonNode Body)
{
    /// <summary>The text at a path such as <c>metadata.name</c> or <c>items.0.kind</c>; empty if there is none.</summary>
    public string this[string path] => At(Body, path)?.ToString() ?? "";

    /// <summary>The node at a path.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
            node = node switch
            {
                JsonArray list => int.TryParse(step, out var index) && index < list.Count ? list[index] : null,
                JsonObject fields => fields[step],
                _ => null,
            };
        return node;
    }

    /// <summary>The texts at a path in every item of a list.</summary>
    public IReadOnlyList<string> Of(string list, string path) =>
        [.. (At(Body, list) as JsonArray ?? []).Select(item => At(item, path)?.ToString() ?? "")];
}
