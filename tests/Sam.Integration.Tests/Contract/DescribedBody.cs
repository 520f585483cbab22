using System.Text.RegularExpressions;

namespace Sam.Integration.Tests.Contract;

/// <summary>Bodies too large to record are described in words.</summary>
internal static partial class DescribedBody
{
    /// <summary>The body that the words describe; other text is a body as it stands.</summary>
    public static string Expand(string text, string path)
    {
        var whole = Whole().Match(text);
        if (whole.Success)
        {
            var parts = path.TrimStart('/').Split('?')[0].Split('/');
            var version = parts[0] == "api" ? parts[1] : $"{parts[1]}/{parts[2]}";
            var content = Nested(whole.Groups["path"].Value, Text(whole));
            return $$"""{"apiVersion":"{{version}}","kind":"{{whole.Groups["kind"].Value}}","metadata":{"name":"{{whole.Groups["name"].Value}}"},{{content[1..]}}""";
        }
        var field = Field().Match(text);
        if (field.Success)
            return Nested(field.Groups["path"].Value, Text(field));
        var operations = Operations().Match(text);
        return operations.Success
            ? "["
                + string.Join(
                    ',',
                    Enumerable.Repeat(
                        $$"""{"op":"add","path":"{{operations.Groups["path"].Value}}","value":"x"}""",
                        int.Parse(operations.Groups["count"].Value)
                    )
                )
                + "]"
            : text;
    }

    private static string Text(Match match) => $"\"{new string('x', int.Parse(match.Groups["count"].Value))}\"";

    private static string Nested(string path, string value) =>
        path.Split('.').Reverse().Aggregate(value, (inner, name) => $$"""{"{{name}}":{{inner}}}""");

    [GeneratedRegex(@"^a (?<kind>\w+) (?<name>\w+) with (?<path>\S+) of (?<count>\d+) times x$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(?<path>\S+) of (?<count>\d+) times x$")]
    private static partial Regex Field();

    [GeneratedRegex(@"^(?<count>\d+) times the operation add (?<path>\S+) x$")]
    private static partial Regex Operations();
}
