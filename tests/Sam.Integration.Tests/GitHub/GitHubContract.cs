using System.Diagnostics;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Sam.Integration.Tests.GitHub;

/// <summary>GitHub's own OpenAPI description as a judge of requests and answers.</summary>
internal sealed class GitHubContract(JsonNode document)
{
    private const string Package = "@octokit/openapi@23.0.2";
    private const string Document = "package/generated/api.github.com.json";
    private static readonly SemaphoreSlim s_oneByOne = new(1, 1);
    private static GitHubContract? s_loaded;

    // Serializing schemas is the slow part: each is built once for all tests.
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    /// <summary>The contract, or why there is none. The document is fetched once into a folder outside of the tree.</summary>
    public static async Task<(GitHubContract? Contract, string? Problem)> LoadAsync(CancellationToken cancellationToken)
    {
        await s_oneByOne.WaitAsync(cancellationToken);
        try
        {
            if (s_loaded is not null)
            {
                return (s_loaded, null);
            }
            var folder = Path.Combine(Path.GetTempPath(), $"sam-contracts-{Environment.UserName}", Package.Replace('/', '-'));
            var file = Path.Combine(folder, Document);
            if (!File.Exists(file) && await FetchAsync(folder, cancellationToken) is { } problem)
            {
                return (null, problem);
            }
            await using var stream = File.OpenRead(file);
            s_loaded = new GitHubContract((await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!);
            return (s_loaded, null);
        }
        finally
        {
            s_oneByOne.Release();
        }
    }

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

    private static async Task<string?> FetchAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var scratch = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName()));
        try
        {
            // Of the package only this one file is unpacked: the whole is thirty times as large.
            var problem =
                await RunAsync(scratch.FullName, "npm", ["pack", "--silent", Package], cancellationToken)
                ?? await RunAsync(scratch.FullName, "sh", ["-c", $"tar -xzf *.tgz {Document}"], cancellationToken);
            if (problem is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, Document))!);
                // Last and in one step: another process never finds half a document.
                File.Move(Path.Combine(scratch.FullName, Document), Path.Combine(folder, Document), overwrite: true);
            }
            return problem;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<string?> RunAsync(
        string folder,
        string program,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {output}{await errors}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{program}: {exception.Message}";
        }
    }
}
