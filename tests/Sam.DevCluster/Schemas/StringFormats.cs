using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Sam.DevCluster.Schemas;

/// <summary>The string formats that the API server checks; an unknown format is no constraint.</summary>
internal static partial class StringFormats
{
    public static string NameOf(string format) =>
        format switch
        {
            "datetime" => "date-time",
            "k8s-short-name" or "k8sshortname" => "k8s-short-name",
            "k8s-long-name" or "k8slongname" => "k8s-long-name",
            _ => format,
        };

    /// <summary>Whether a format is one that the API server checks or knows by name.</summary>
    public static bool IsKnown(string format) => Known.Contains(format);

    private static readonly HashSet<string> Known =
    [
        .. "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn".Split(
            ' '
        ),
        .. "hexcolor rgbcolor byte password date duration datetime date-time k8s-short-name k8s-long-name".Split(' '),
    ];

    public static bool Fits(string format, string text) =>
        format switch
        {
            "date-time" or "datetime" => DateTimePattern().IsMatch(text)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "uuid" => UuidPattern().IsMatch(text),
            "uuid3" or "uuid4" or "uuid5" => UuidPattern().IsMatch(text) && text.Replace("-", "")[12] == format[4],
            "ipv4" => text.Contains('.')
                && IPAddress.TryParse(text, out var four)
                && four.AddressFamily == AddressFamily.InterNetwork
                && text.Split('.').Length == 4,
            "ipv6" => text.Contains(':')
                && IPAddress.TryParse(text, out var six)
                && six.AddressFamily == AddressFamily.InterNetworkV6,
            "cidr" => IPNetwork.TryParse(text, out _),
            "mac" => MacPattern().IsMatch(text),
            "email" => EmailPattern().IsMatch(text),
            "hostname" => text.Length is > 0 and <= 255 && HostPattern().IsMatch(text),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) || (text.StartsWith('/') && !text.Contains(' ')),
            "duration" => IsDuration(text),
            "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
            "hexcolor" => HexColorPattern().IsMatch(text),
            "rgbcolor" => RgbColorPattern().IsMatch(text),
            "ssn" => SsnPattern().IsMatch(text),
            "bsonobjectid" => ObjectIdPattern().IsMatch(text),
            "isbn" or "isbn10" or "isbn13" => text.Replace("-", "").Replace(" ", "").Length is 10 or 13,
            "creditcard" => text.Count(char.IsAsciiDigit) is >= 13 and <= 19,
            "k8s-short-name" or "k8sshortname" => text.Length <= 63 && Names.IsDnsLabel(text),
            "k8s-long-name" or "k8slongname" => text.Length <= 253 && Names.IsDnsSubdomain(text),
            _ => true,
        };

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]?\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$(?<!\d \d.*)")]
    private static partial Regex DateTimePattern();

    [GeneratedRegex("^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")]
    private static partial Regex UuidPattern();

    [GeneratedRegex("^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$")]
    private static partial Regex MacPattern();

    [GeneratedRegex(@"^[^\s@]+@[^\s@]+$")]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$")]
    private static partial Regex HostPattern();

    // Go's library looks for amounts with units anywhere in the text.
    private static bool IsDuration(string text)
    {
        var parts = DurationParts().Matches(text);
        return text == "0"
            || (parts.Count > 0 && parts.All(part => DurationUnits.Contains(part.Groups["unit"].Value.ToLowerInvariant())));
    }

    private static readonly HashSet<string> DurationUnits =
    [
        .. "ns nano nanosecond us µs micro microsecond ms milli millisecond s sec second m min minute h hr hour d day w wk week".Split(
            ' '
        ),
        .. "nanos nanoseconds micros microseconds millis milliseconds secs seconds mins minutes hrs hours days weeks".Split(' '),
    ];

    [GeneratedRegex(@"(?<amount>\d+)\s*(?<unit>[A-Za-zµ]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationParts();

    [GeneratedRegex("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]
    private static partial Regex HexColorPattern();

    [GeneratedRegex(@"^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$")]
    private static partial Regex RgbColorPattern();

    [GeneratedRegex(@"^\d{3}[- ]?\d{2}[- ]?\d{4}$")]
    private static partial Regex SsnPattern();

    [GeneratedRegex("^[0-9a-fA-F]{24}$")]
    private static partial Regex ObjectIdPattern();
}
