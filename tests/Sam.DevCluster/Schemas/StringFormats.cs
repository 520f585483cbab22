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
            "duration" => DurationPattern().IsMatch(text),
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

    [GeneratedRegex(@"^-?(\d+(\.\d+)?\s*(ns|us|µs|ms|s|m|h|d|w|days?|weeks?|hours?|minutes?|seconds?|secs?|mins?|hrs?))+$|^0$")]
    private static partial Regex DurationPattern();

    [GeneratedRegex("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]
    private static partial Regex HexColorPattern();

    [GeneratedRegex(@"^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$")]
    private static partial Regex RgbColorPattern();

    [GeneratedRegex(@"^\d{3}[- ]?\d{2}[- ]?\d{4}$")]
    private static partial Regex SsnPattern();

    [GeneratedRegex("^[0-9a-fA-F]{24}$")]
    private static partial Regex ObjectIdPattern();
}
