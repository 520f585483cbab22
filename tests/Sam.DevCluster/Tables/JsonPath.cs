using System.Globalization;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Tables;

/// <summary>The JSONPath subset that printer columns use: fields, indexes, wildcards and equality filters.</summary>
internal static class JsonPath
{
    public static JsonNode? First(JsonNode? root, string path) => All(root, path) is [var first, ..] ? first : null;

    public static IReadOnlyList<JsonNode?> All(JsonNode? root, string path)
    {
        IReadOnlyList<JsonNode?> found = [root];
        foreach (var step in Steps(path))
            found = [.. found.SelectMany(node => Apply(node, step))];
        return found;
    }

    private static IEnumerable<string> Steps(string path)
    {
        var at = 0;
        while (at < path.Length)
        {
            if (path[at] == '[')
            {
                var end = Closing(path, at);
                yield return path[at..(end + 1)];
                at = end + 1;
                continue;
            }
            if (path[at] == '.')
                at++;
            var start = at;
            var name = new System.Text.StringBuilder();
            while (at < path.Length && path[at] is not ('.' or '['))
            {
                if (path[at] == '\\' && at + 1 < path.Length)
                    at++;
                name.Append(path[at++]);
            }
            if (at > start)
                yield return name.ToString();
        }
    }

    private static int Closing(string path, int from)
    {
        var quote = '\0';
        for (var at = from; at < path.Length; at++)
        {
            if (quote != '\0')
                quote = path[at] == quote ? '\0' : quote;
            else if (path[at] is '"' or '\'')
                quote = path[at];
            else if (path[at] == ']')
                return at;
        }
        return path.Length - 1;
    }

    private static IEnumerable<JsonNode?> Apply(JsonNode? node, string step)
    {
        if (step[0] != '[')
            return step == "*" ? Everything(node)
                : node is JsonObject o && o.TryGetPropertyValue(step, out var value) ? [value]
                : [];
        var inner = step[1..^1].Trim();
        if (inner == "*")
            return Everything(node);
        if (inner.StartsWith('?'))
            return node is JsonArray candidates ? candidates.Where(item => Matches(item, inner[1..].Trim('(', ')', ' '))) : [];
        if (inner.Length > 1 && inner[0] is '\'' or '"')
            return Apply(node, inner[1..^1]);
        if (
            node is JsonArray list
            && int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
        )
        {
            index = index < 0 ? index + list.Count : index;
            return index >= 0 && index < list.Count ? [list[index]] : [];
        }
        return [];
    }

    private static IEnumerable<JsonNode?> Everything(JsonNode? node) =>
        node switch
        {
            JsonArray list => list,
            JsonObject o => o.Select(pair => pair.Value),
            _ => [],
        };

    private static bool Matches(JsonNode? item, string filter)
    {
        foreach (var sign in new[] { "==", "!=" })
        {
            var at = filter.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var left = First(item, filter[..at].Trim().TrimStart('@'));
            var right = filter[(at + 2)..].Trim();
            var text = right.Length > 1 && right[0] is '"' or '\'' ? right[1..^1] : right;
            var actual = left.Text() ?? (left is null ? null : left.ToText());
            return actual == text == (sign == "==");
        }
        return First(item, filter.TrimStart('@')) is not null;
    }
}
