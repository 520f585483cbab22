using System.Globalization;

namespace Sam.Compose.Parsing;

/// <summary>Dates without quotes (https://yaml.org/type/timestamp.html), which Compose prints as Go does.</summary>
internal static class Timestamps
{
    private static readonly string[] Forms =
    [
        "yyyy-M-d",
        "yyyy-M-d H:m:s.FFFFFFF",
        "yyyy-M-d'T'H:m:s.FFFFFFFK",
        "yyyy-M-d't'H:m:s.FFFFFFFK",
    ];

    /// <summary>Null when it is none; without a zone it is UTC.</summary>
    public static DateTimeOffset? Read(string text) =>
        text.Length >= 8
        && char.IsAsciiDigit(text[0])
        && text[4] == '-'
        && (text.Length < 11 || text[10] == ' ' || HasZone(text))
        && DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;

    /// <summary>2024-01-02 00:00:00 +0000 UTC.</summary>
    public static string Format(DateTimeOffset moment)
    {
        var zone = moment.Offset == TimeSpan.Zero ? "+0000 UTC" : Zone(moment.Offset);
        return moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + " " + zone;
    }

    private static string Zone(TimeSpan offset)
    {
        var text = $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}";
        return $"{text} {text}";
    }

    private static bool HasZone(string text) => text.EndsWith('Z') || text[10..].AsSpan().IndexOfAny('+', '-') > 0;
}
