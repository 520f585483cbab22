using System.Text.Json.Nodes;
using NJsonSchema;

namespace Sam.Integration.Tests.Hetzner;

/// <summary>Hetzner's own OpenAPI document as a judge of requests and answers; unknown members are refused too.</summary>
internal sealed class HetznerContract(JsonNode document)
{
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    /// <summary>Finds the document: `SAM_CONTRACT_DATA`, or `shared/data` beside or above the repository.</summary>
    public static string? FindDocument()
    {
        const string Name = "hetzner-cloud-openapi.json";
        List<string> folders = [];
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_DATA") is { Length: > 0 } given)
        {
            folders.Add(given);
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            folders.Add(Path.Combine(folder.FullName, "shared", "data"));
        }
        return folders.Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
    }

    /// <summary>What is wrong with a request, by the document.</summary>
    public async Task<IReadOnlyList<string>> RequestAsync(string method, string path, IEnumerable<string> query, string? body)
    {
        if (Operation(method, path) is not { } operation)
        {
            return [$"{method} {path} is not documented"];
        }
        var known = (operation["parameters"] as JsonArray ?? []).Select(p => Resolve(p!)["name"]!.GetValue<string>()).ToHashSet();
        var problems = query
            .Where(name => !known.Contains(name))
            .Select(name => $"query parameter {name} is not documented")
            .ToList();
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        if (schema is not null && body is not null)
        {
            problems.AddRange(await ValidateAsync($"{method} {path} request", schema, body));
        }
        return problems;
    }

    /// <summary>What is wrong with an answer, by the document.</summary>
    public async Task<IReadOnlyList<string>> AnswerAsync(string method, string path, int status, string body)
    {
        var responses = Operation(method, path)?["responses"];
        var response = responses?[$"{status}"] ?? (status >= 400 ? responses?[$"{status / 100}xx"] : null);
        if (response is null)
        {
            return [$"{method} {path}: status {status} is not documented"];
        }
        return response["content"]?["application/json"]?["schema"] is { } schema
            ? await ValidateAsync($"{method} {path} {status}", schema, body)
            : [];
    }

    private async Task<IReadOnlyList<string>> ValidateAsync(string key, JsonNode schema, string body)
    {
        key = System.Text.RegularExpressions.Regex.Replace(key, "/[0-9]+", "/{id}");
        if (!_schemas.TryGetValue(key, out var compiled))
        {
            _schemas[key] = compiled = await JsonSchema.FromJsonAsync(Translate(schema).ToJsonString());
        }
        return [.. compiled.Validate(body).Select(error => $"{key}: {error}")];
    }

    private JsonNode? Operation(string method, string path)
    {
        var segments = path.Split('/');
        var template = document["paths"]!
            .AsObject()
            .Where(entry => Fits(entry.Key.Split('/'), segments))
            .OrderBy(entry => entry.Key.Count(c => c == '{')) // a literal path beats one with an id in its place
            .FirstOrDefault();
        return template.Value?[method.ToLowerInvariant()];
    }

    private static bool Fits(string[] template, string[] path) =>
        template.Length == path.Length && template.Zip(path).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));

    private JsonNode Resolve(JsonNode node)
    {
        while (node is JsonObject && node["$ref"]?.GetValue<string>() is { } reference)
        {
            node = reference[2..].Split('/').Aggregate(document, (at, part) => at[part.Replace("~1", "/").Replace("~0", "~")]!);
        }
        return node;
    }

    // From OpenAPI 3.0's dialect to JSON Schema: references inlined, `nullable` spelled out, members closed.
    private JsonNode Translate(JsonNode node)
    {
        node = Resolve(node);
        if (node is JsonArray array)
        {
            return new JsonArray([.. array.Select(item => item is null ? null : Translate(item))]);
        }
        if (node is not JsonObject source)
        {
            return node.DeepClone();
        }
        JsonObject result = [];
        foreach (var (key, value) in source)
        {
            if (
                key.StartsWith("x-", StringComparison.Ordinal)
                || key is "example" or "examples" or "description" or "title" or "deprecated" or "default" or "nullable"
            )
            {
                continue;
            }
            result[key] = key switch
            {
                "properties" => new JsonObject(
                    value!.AsObject().Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Translate(p.Value!)))
                ),
                "enum" or "required" or "pattern" or "format" or "type" => value!.DeepClone(),
                _ => value is null ? null : Translate(value),
            };
        }
        if (result["format"]?.GetValue<string>() is "int64" or "int32" or "decimal" or "double")
        {
            result.Remove("format");
        }
        if (result["properties"] is not null && result["additionalProperties"] is null && result["allOf"] is null)
        {
            result["additionalProperties"] = false;
        }
        if (source["nullable"]?.GetValue<bool>() == true && result["type"] is { } type)
        {
            result["type"] = new JsonArray(type.DeepClone(), "null");
            (result["enum"] as JsonArray)?.Add((JsonNode?)null);
        }
        return result;
    }
}
