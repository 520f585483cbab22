using System.Text.Json.Nodes;
using NJsonSchema;

namespace Sam.Integration.Tests.GitHub;

/// <summary>GitHub's own OpenAPI description as a judge of requests, answers and events.</summary>
internal sealed class GitHubContract(JsonNode document)
{
    // Building schemas is the slow part: each is built once.
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    /// <summary>What is wrong with a request, by the document.</summary>
    public async Task<IReadOnlyList<string>> RequestAsync(string method, string path, IEnumerable<string> query, string? body)
    {
        if (Find(method, path) is not ({ } name, { } operation))
        {
            return [$"{method} {path} is not documented"];
        }
        var known = (operation["parameters"] as JsonArray ?? []).Select(p => Resolve(p!)["name"]!.GetValue<string>()).ToHashSet();
        var problems = query
            .Where(part => !known.Contains(part))
            .Select(part => $"{name}: query {part} is not documented")
            .ToList();
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        if (schema is not null && body is not null)
        {
            problems.AddRange(await ValidateAsync($"{method} {name} request", schema, body));
        }
        return problems;
    }

    /// <summary>What is wrong with an answer, by the document.</summary>
    public async Task<IReadOnlyList<string>> AnswerAsync(string method, string path, int status, string body)
    {
        if (Find(method, path) is not ({ } name, { } operation))
        {
            return [$"{method} {path} is not documented"];
        }
        var responses = operation["responses"]!;
        if (responses[$"{status}"] is not { } response)
        {
            // The description names few of the errors; those it leaves out have the common shape.
            return status >= 400 ? await ErrorAsync(body) : [$"{method} {name}: status {status} is not documented"];
        }
        return Resolve(response)["content"]?["application/json"]?["schema"] is { } schema
            ? await ValidateAsync($"{method} {name} {status}", schema, body)
            : [];
    }

    /// <summary>What is wrong with the payload of an event, by the document of webhooks.</summary>
    public async Task<IReadOnlyList<string>> EventAsync(string name, string? action, string payload)
    {
        var key = string.Join('-', new[] { name, action }.OfType<string>()).Replace('_', '-');
        return document["webhooks"]![key]?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema
            ? await ValidateAsync(key, schema, payload)
            : [$"{key} is not documented"];
    }

    private Task<IReadOnlyList<string>> ErrorAsync(string body) =>
        ValidateAsync("error", new JsonObject { ["$ref"] = "#/components/schemas/basic-error" }, body);

    private async Task<IReadOnlyList<string>> ValidateAsync(string key, JsonNode schema, string body)
    {
        if (!_schemas.TryGetValue(key, out var compiled))
        {
            _schemas[key] = compiled = await JsonSchema.FromJsonAsync(
                new SchemaTranslation(document).Translate(schema).ToJsonString()
            );
        }
        return [.. compiled.Validate(body).Select(error => $"{key}: {error}")];
    }

    private (string Name, JsonNode? Operation)? Find(string method, string path)
    {
        var segments = path.Split('/');
        var found = document["paths"]!
            .AsObject()
            .Where(entry => entry.Value![method.ToLowerInvariant()] is not null && Fits(entry.Key.Split('/'), segments))
            // A literal part beats a placeholder, and a placeholder beats the rest of the path.
            .OrderByDescending(entry => entry.Key.Count(letter => letter == '/'))
            .ThenBy(entry => entry.Key.Count(letter => letter == '{'))
            .FirstOrDefault();
        return found.Key is null ? null : (found.Key, found.Value![method.ToLowerInvariant()]);
    }

    // The last placeholder of these paths may hold slashes.
    private static bool Fits(string[] template, string[] path) =>
        template.Length <= path.Length
        && (template.Length == path.Length || template[^1] is "{ref}" or "{path}" or "{branch}" or "{tree_sha}")
        && template.Zip(path).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));

    private JsonNode Resolve(JsonNode node) => SchemaTranslation.Resolve(document, node);
}
