using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Integration.Tests.Contract;

/// <summary>Compares answers with recorded ones; a placeholder stands for one value all through a case.</summary>
internal sealed partial class TranscriptComparison(string @namespace)
{
    private readonly Dictionary<string, string> _bound = new() { ["<ns>"] = @namespace };

    /// <summary>The same knowledge for a comparison that may fail and is then to leave no trace.</summary>
    public TranscriptComparison Fork()
    {
        var fork = new TranscriptComparison(@namespace);
        foreach (var (placeholder, value) in _bound)
            fork._bound[placeholder] = value;
        return fork;
    }

    public string Fill(string text) => Placeholder().Replace(text, match => _bound.GetValueOrDefault(match.Value, match.Value));

    /// <summary>A body to be sent: a server that reads moments wants one where the recorder hid it.</summary>
    public string FillBody(string text) =>
        Fill(text)
            .Replace("<time>", "2020-01-01T00:00:00Z", StringComparison.Ordinal)
            .Replace("<microtime>", "2020-01-01T00:00:00.000000Z", StringComparison.Ordinal);

    /// <summary>Every difference as a path and two values; empty when there is none.</summary>
    public IEnumerable<string> Differences(JsonNode? expected, JsonNode? actual, bool isTrimmed, string path = "")
    {
        // What columns are for is said in our own words.
        if (ColumnDescription().IsMatch(path))
            return [];
        switch (expected, actual)
        {
            case (JsonObject table, JsonObject b) when table.Any(pair => pair.Key.Contains('<', StringComparison.Ordinal)):
                var filled = new JsonObject(table.Select(pair => KeyValuePair.Create(Fill(pair.Key), pair.Value?.DeepClone())));
                return filled.Any(pair => pair.Key.Contains("<uid-", StringComparison.Ordinal))
                    ? [$"{path}: a name in {Short(table)} stands for nothing seen so far"]
                    : Differences(filled, b, isTrimmed, path);
            // A bookmark shows the version of the whole store too.
            case (JsonObject a, JsonObject b) when IsBookmark(a) && IsBookmark(b):
                return Differences(a["object"], b["object"], isTrimmed, path + ".bookmark");
            case (JsonObject a, JsonObject b):
                var extra = isTrimmed
                    ? []
                    : b.Where(pair => !a.ContainsKey(pair.Key))
                        .Select(pair => $"{path}.{pair.Key}: not expected: {Short(pair.Value)}");
                // Items come first: their versions are theirs alone, that of the list may be a later one.
                return extra.Concat(
                    a.OrderBy(pair => pair.Key == "items" ? 0 : 1)
                        .SelectMany(pair =>
                            b.ContainsKey(pair.Key)
                                ? Differences(pair.Value, b[pair.Key], isTrimmed, $"{path}.{pair.Key}")
                                : [$"{path}.{pair.Key}: missing: {Short(pair.Value)}"]
                        )
                );
            case (JsonArray names, JsonObject list) when isTrimmed && list["items"] is JsonArray items:
                return Differences(names, new JsonArray([.. items.Select(item => NameOf(item)?.DeepClone())]), isTrimmed, path);
            case (JsonArray cells, JsonObject row) when isTrimmed && row["cells"] is { } found:
                return Differences(cells, found, isTrimmed, path);
            case (JsonArray a, JsonArray b) when isTrimmed && a.Count < b.Count && a.All(item => NameOf(item) is not null):
                return Differences(
                    a,
                    new JsonArray([
                        .. a.Select(item => b.FirstOrDefault(other => SameValue(NameOf(item), NameOf(other)))?.DeepClone()),
                    ]),
                    isTrimmed,
                    path
                );
            case (JsonArray a, JsonArray b) when a.Count == b.Count && path.EndsWith(".managedFields", StringComparison.Ordinal):
                // Entries are sorted by their second, and the recording took place within one.
                return ByManager(a)
                    .Zip(ByManager(b))
                    .SelectMany((pair, index) => Differences(pair.First, pair.Second, isTrimmed, $"{path}[{index}]"));
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                return a.SelectMany((item, index) => Differences(item, b[index], isTrimmed, $"{path}[{index}]"));
            case (JsonArray a, JsonArray b):
                return [$"{path}: {a.Count} items expected, {b.Count} found: expected {Short(a)}, found {Short(b)}"];
            default:
                return SameValue(expected, actual) || IsLaterVersion(path, expected, actual)
                    ? []
                    : [$"{path}: expected {Short(expected)}, found {Short(actual)}"];
        }
    }

    /// <summary>Gives a placeholder that no answer has shown yet its value.</summary>
    public void Bind(string placeholder, string value) => _bound.TryAdd(placeholder, value);

    private static bool IsBookmark(JsonObject line) =>
        line["type"] is JsonValue type && type.TryGetValue<string>(out var text) && text == "BOOKMARK";

    private static IEnumerable<JsonNode?> ByManager(JsonArray entries) =>
        entries.OrderBy(entry => $"{entry?["operation"]} {entry?["manager"]} {entry?["subresource"]}", StringComparer.Ordinal);

    private static JsonNode? NameOf(JsonNode? item) =>
        item is JsonObject named
            ? named["metadata"]?["name"] ?? named["name"] ?? named["resource"] ?? named["version"] ?? named["groupVersion"]
            : null;

    // A list shows the version of the whole store, which other cases have moved on.
    private bool IsLaterVersion(string path, JsonNode? expected, JsonNode? actual) =>
        (path == ".metadata.resourceVersion" || path.EndsWith(".bookmark.metadata.resourceVersion", StringComparison.Ordinal))
        && expected is JsonValue placeholder
        && placeholder.TryGetValue<string>(out var name)
        && _bound.TryGetValue(name, out var bound)
        && long.TryParse(bound, out var before)
        && actual is JsonValue value
        && value.TryGetValue<string>(out var text)
        && long.TryParse(text, out var now)
        && now >= before;

    private bool SameValue(JsonNode? expected, JsonNode? actual)
    {
        if (
            expected is JsonValue wanted
            && wanted.GetValueKind() == JsonValueKind.String
            && actual is JsonValue given
            && given.GetValueKind() == JsonValueKind.String
        )
            return SameText(wanted.GetValue<string>(), given.GetValue<string>());
        return JsonNode.DeepEquals(expected, actual);
    }

    private bool SameText(string expected, string actual)
    {
        if (Age().IsMatch(expected) && Age().IsMatch(actual))
            return true;
        var names = new List<string>();
        var pattern = Placeholder()
            .Replace(
                Regex.Escape(expected).Replace("\\<", "<"),
                match =>
                {
                    if (_bound.TryGetValue(match.Value, out var known))
                        return Regex.Escape(known);
                    if (match.Value is "<time>" or "<microtime>" or "<server>")
                        return ".+?";
                    if (names.Contains(match.Value))
                        return $"\\k<p{names.IndexOf(match.Value)}>";
                    names.Add(match.Value);
                    return $"(?<p{names.Count - 1}>.+?)";
                }
            );
        var found = Regex.Match(
            actual,
            "^" + pattern + "$",
            RegexOptions.Singleline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(2)
        );
        if (!found.Success)
            return false;
        for (var index = 0; index < names.Count; index++)
            _bound[names[index]] = found.Groups[$"p{index}"].Value;
        return true;
    }

    private static string Short(JsonNode? node) =>
        (node?.ToJsonString() ?? "null") is { Length: > 600 } text ? text[..600] + "..." : node?.ToJsonString() ?? "null";

    [GeneratedRegex("^([0-9]+[smhdy])+$")]
    private static partial Regex Age();

    [GeneratedRegex(@"columnDefinitions\[[0-9]+\]\.description$")]
    private static partial Regex ColumnDescription();

    [GeneratedRegex("<(ns|time|microtime|server|(rv|uid|token|hash|continue)-[0-9]+|suffix(-[0-9]+)?)>")]
    private static partial Regex Placeholder();
}
