using System.Globalization;
using System.Text.RegularExpressions;

namespace Sam.DevCluster.Cel;

/// <summary>Durations in Go's notation, and timestamps of RFC 3339.</summary>
internal static partial class CelTimes
{
    public static CelDuration Duration(string text)
    {
        var parts = DurationParts().Matches(text);
        var length = parts.Sum(part => part.Length);
        if (text != "0" && (parts.Count == 0 || length != text.TrimStart('-', '+').Length))
            throw new CelException($"type conversion error from 'string' to 'google.protobuf.Duration'");
        decimal total = 0;
        foreach (Match part in parts)
            total += decimal.Parse(part.Groups["amount"].Value, CultureInfo.InvariantCulture) * Unit(part.Groups["unit"].Value);
        return new CelDuration((long)(text.StartsWith('-') ? -total : total));
    }

    public static DateTimeOffset Timestamp(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new CelException("type conversion error from 'string' to 'google.protobuf.Timestamp'");

    public static long Part(string name, DateTimeOffset moment)
    {
        var utc = moment.ToUniversalTime();
        return name switch
        {
            "getFullYear" => utc.Year,
            "getMonth" => utc.Month - 1,
            "getDate" => utc.Day,
            "getDayOfMonth" => utc.Day - 1,
            "getDayOfWeek" => (long)utc.DayOfWeek,
            "getDayOfYear" => utc.DayOfYear - 1,
            "getHours" => utc.Hour,
            "getMinutes" => utc.Minute,
            "getSeconds" => utc.Second,
            "getMilliseconds" => utc.Millisecond,
            _ => throw CelValues.NoOverload(),
        };
    }

    public static long Part(string name, CelDuration span) =>
        name switch
        {
            "getHours" => span.Nanoseconds / 3_600_000_000_000,
            "getMinutes" => span.Nanoseconds / 60_000_000_000,
            "getSeconds" => span.Nanoseconds / 1_000_000_000,
            "getMilliseconds" => span.Nanoseconds / 1_000_000 % 1000,
            _ => throw CelValues.NoOverload(),
        };

    private static decimal Unit(string unit) =>
        unit switch
        {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" or "µs" => 1_000,
            _ => 1,
        };

    [GeneratedRegex(@"(?<amount>\d+(\.\d+)?)(?<unit>h|ms|us|µs|ns|m|s)", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationParts();
}
