using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.Compose.Rules;
using Sam.Testing.Compose;

namespace Sam.Unit.Tests.Compose.Rules;

/// <summary>Every key of the Compose specification has a row, or stands below one that refuses or ignores it whole.</summary>
public sealed partial class ComposeSchemaTests
{
    private const string Document = "compose-spec.schema.json";
    private static readonly string s_list = Path.Join(ComposeCorpus.Folder, "expected/specification-keys.txt");

    [Fact]
    public void No_key_of_the_specification_is_missing_in_the_table()
    {
        var rules = KeyRules.All.ToDictionary(rule => rule.Path, StringComparer.Ordinal);

        Assert.DoesNotContain(File.ReadAllLines(s_list), path => !HasAnswer(rules, path));
    }

    [Fact]
    public void The_list_of_keys_is_that_of_the_official_schema()
    {
        var document = FindDocument();
        if (document is null)
            Assert.Skip($"{Document} is in no shared/data folder beside or above the repository, nor in SAM_CONTRACT_DATA");
        var schema = JsonNode.Parse(File.ReadAllText(document))!.AsObject();

        var keys = Keys(schema, schema, "", []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("SAM_GOLDEN") == "update")
            File.WriteAllLines(s_list, keys);

        Assert.Equal(keys, File.ReadAllLines(s_list));
    }

    private static bool HasAnswer(Dictionary<string, KeyRule> rules, string path)
    {
        if (rules.ContainsKey(path))
            return true;
        for (var above = Parent(path); above.Length > 0; above = Parent(above))
        {
            if (rules.TryGetValue(above, out var rule))
                return rule.Support != Support.Supported;
        }

        return false;
    }

    private static string Parent(string path) =>
        path.LastIndexOf('.') is > 0 and var dot ? path[..dot].TrimEnd('*', '.', '[', ']') : "";

    private static IEnumerable<string> Keys(JsonObject schema, JsonObject node, string path, List<string> way)
    {
        if ((string?)node["$ref"] is { } reference)
        {
            var name = reference.Split('/')[^1];
            return way.Contains(name) ? [] : Keys(schema, schema["definitions"]![name]!.AsObject(), path, [.. way, name]);
        }

        var keys = new List<string>();
        foreach (var (key, value) in node["properties"] as JsonObject ?? [])
        {
            var below = Same($"{path}{key}");
            keys.Add(below);
            keys.AddRange(Keys(schema, value!.AsObject(), below + ".", way));
        }

        foreach (var (pattern, value) in node["patternProperties"] as JsonObject ?? [])
        {
            if (pattern != "^x-" && value is JsonObject inner)
                keys.AddRange(Keys(schema, inner, path + "*.", way));
        }

        foreach (var option in node["oneOf"] as JsonArray ?? [])
            keys.AddRange(Keys(schema, option!.AsObject(), path, way));
        if (node["items"] is JsonObject items)
            keys.AddRange(Keys(schema, items, path.TrimEnd('.') + "[].", way));
        return keys;
    }

    // Rows that stand for two places are written once.
    private static string Same(string path) =>
        External().Replace(path.Replace(".configs[].", ".secrets[].", StringComparison.Ordinal), "secrets.*.external.");

    private static string? FindDocument()
    {
        List<string> folders = [];
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_DATA") is { Length: > 0 } given)
            folders.Add(given);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            folders.Add(Path.Join(folder.FullName, "shared", "data"));
        return folders.Select(folder => Path.Join(folder, Document)).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"^(volumes|networks|configs)\.\*\.external\.")]
    private static partial Regex External();
}
