using System.Globalization;

namespace Sam.DevCluster.Json;

/// <summary>Moments as Go reads them, with its words for what is none, and in the form in which it writes them.</summary>
internal static class GoTimes
{
    private const string Layout = "2006-01-02T15:04:05Z07:00";
    private const string MicroLayout = "2006-01-02T15:04:05.000000Z07:00";

    private static readonly string[] Steps = ["2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"];

    private static readonly (string Step, int Most, string Name)[] Bounds =
    [
        ("01", 12, "month"),
        ("15", 23, "hour"),
        ("04", 59, "minute"),
        ("05", 59, "second"),
    ];

    /// <summary>The text in the server's own form, or why it is no moment.</summary>
    public static (string? Text, string? Fault) Read(string text, bool isMicro)
    {
        var layout = isMicro ? MicroLayout : Layout;
        string Fault(string why) => $"parsing time {Quoted(text)} as \"{layout}\": {why}";
        string Cannot(string rest, string step) => Fault($"cannot parse {Quoted(rest)} as \"{step}\"");
        var rest = text;
        foreach (var step in Steps)
        {
            var length = step.Length;
            var isDigits = char.IsAsciiDigit(step[0]);
            if (rest.Length < length || (isDigits ? !rest.AsSpan(0, length).ContainsOnlyDigits() : rest[..length] != step))
                return (null, Cannot(rest, step));
            var bound = Bounds.FirstOrDefault(bound => bound.Step == step);
            if (
                bound.Name is not null
                && int.Parse(rest[..length], CultureInfo.InvariantCulture) is var value
                && value > bound.Most
            )
                return (null, $"parsing time {Quoted(text)}: {bound.Name} out of range");
            rest = rest[length..];
        }
        var digits = rest.StartsWith('.') ? rest[1..].TakeWhile(char.IsAsciiDigit).Count() : 0;
        if (isMicro && digits < 6)
            return (null, Cannot(rest, ".000000"));
        var fraction =
            isMicro ? 7
            : digits == 0 ? 0
            : digits + 1;
        rest = rest[fraction..];
        if (rest != "Z" && !IsOffset(rest))
            return (null, Cannot(rest, "Z07:00"));
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return (null, $"parsing time {Quoted(text)}: day out of range");
        var form = isMicro ? "yyyy-MM-ddTHH:mm:ss.ffffffZ" : "yyyy-MM-ddTHH:mm:ssZ";
        return (moment.UtcDateTime.ToString(form, CultureInfo.InvariantCulture), null);
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsOffset(string text) =>
        text is ['+' or '-', var a, var b, ':', var c, var d]
        && char.IsAsciiDigit(a)
        && char.IsAsciiDigit(b)
        && char.IsAsciiDigit(c)
        && char.IsAsciiDigit(d);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
