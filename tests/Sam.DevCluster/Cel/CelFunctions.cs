using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>The functions of the subset. Values are null, bool, long, double, string, or lists and maps as JSON nodes.</summary>
internal static class CelFunctions
{
    private static readonly Dictionary<string, (bool Method, bool Function, int Arguments)> Known = new()
    {
        ["size"] = (true, true, 0),
        ["startsWith"] = (true, false, 1),
        ["endsWith"] = (true, false, 1),
        ["contains"] = (true, false, 1),
        ["matches"] = (true, false, 1),
        ["lowerAscii"] = (true, false, 0),
        ["upperAscii"] = (true, false, 0),
        ["trim"] = (true, false, 0),
        ["split"] = (true, false, 1),
        ["join"] = (true, false, 1),
        ["string"] = (false, true, 0),
        ["int"] = (false, true, 0),
        ["duration"] = (false, true, 0),
        ["isSorted"] = (true, false, 0),
    };

    public static bool IsKnown(string name, bool isMethod, int arguments) =>
        Known.TryGetValue(name, out var form)
        && (isMethod ? form.Method && arguments == form.Arguments : form.Function && arguments == form.Arguments + 1);

    public static object? Call(string name, object? target, IReadOnlyList<object?> arguments) =>
        (name, target) switch
        {
            ("size", string text) => (long)text.EnumerateRunes().Count(),
            ("size", JsonArray list) => (long)list.Count,
            ("size", JsonObject map) => (long)map.Count,
            ("startsWith", string text) => text.StartsWith(Text(arguments[0]), StringComparison.Ordinal),
            ("endsWith", string text) => text.EndsWith(Text(arguments[0]), StringComparison.Ordinal),
            ("contains", string text) => text.Contains(Text(arguments[0]), StringComparison.Ordinal),
            ("matches", string text) => new Regex(
                Text(arguments[0]),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
            ).IsMatch(text),
            ("lowerAscii", string text) => text.ToLowerInvariant(),
            ("upperAscii", string text) => text.ToUpperInvariant(),
            ("trim", string text) => text.Trim(),
            ("split", string text) => new JsonArray([.. text.Split(Text(arguments[0])).Select(part => (JsonNode?)part)]),
            ("join", JsonArray list) => string.Join(Text(arguments[0]), list.Strings()),
            ("string", long number) => number.ToString(),
            ("string", double number) => JsonNumbers.Text(number),
            ("string", bool flag) => flag ? "true" : "false",
            ("string", string text) => text,
            ("int", long number) => number,
            ("int", double number) => (long)number,
            ("int", string text) => long.TryParse(text, out var parsed)
                ? parsed
                : throw new CelException("type conversion error from string to int"),
            ("duration", string text) => Duration(text),
            ("isSorted", JsonArray list) => list.Strings().SequenceEqual(list.Strings().Order(StringComparer.Ordinal)),
            _ => throw new CelException("no such overload"),
        };

    private static string Text(object? value) => value as string ?? throw new CelException("no such overload");

    // Durations compare as nanoseconds, which is all that rules need of them.
    private static long Duration(string text)
    {
        double total = 0;
        var parts = Regex.Matches(
            text,
            @"(?<amount>\d+(\.\d+)?)(?<unit>h|ms|us|ns|m|s)",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        );
        if (parts.Count == 0 || parts.Sum(part => part.Length) != text.TrimStart('-').Length)
            throw new CelException($"type conversion error from string to duration: {text}");
        foreach (Match part in parts)
        {
            var unit = part.Groups["unit"].Value switch
            {
                "h" => 3600e9,
                "m" => 60e9,
                "s" => 1e9,
                "ms" => 1e6,
                "us" => 1e3,
                _ => 1,
            };
            total += double.Parse(part.Groups["amount"].Value) * unit;
        }
        return (long)(text.StartsWith('-') ? -total : total);
    }
}
