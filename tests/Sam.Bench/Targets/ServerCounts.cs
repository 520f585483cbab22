using System.Globalization;
using System.Text.RegularExpressions;
using Sam.Bench.Kind;

namespace Sam.Bench.Targets;

/// <summary>Requests for Widgets by verb, as the server counted them (<c>apiserver_request_total</c>).</summary>
internal static partial class ServerCounts
{
    /// <summary>Reads an exposition.</summary>
    public static SortedDictionary<string, long> Parse(string metrics)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (Match line in Line().Matches(metrics))
        {
            if (!line.Groups["labels"].Value.Contains($"resource=\"{WidgetDefinition.Plural}\"", StringComparison.Ordinal))
                continue;
            var verb = Verb().Match(line.Groups["labels"].Value).Groups["verb"].Value;
            counts[verb] =
                counts.GetValueOrDefault(verb) + (long)double.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture);
        }

        return counts;
    }

    /// <summary>What came between two readings.</summary>
    public static SortedDictionary<string, long> Between(
        SortedDictionary<string, long> before,
        SortedDictionary<string, long> after
    ) =>
        new(
            after
                .Select(pair => (pair.Key, Value: pair.Value - before.GetValueOrDefault(pair.Key)))
                .Where(pair => pair.Value != 0)
                .ToDictionary(pair => pair.Key, pair => pair.Value),
            StringComparer.Ordinal
        );

    [GeneratedRegex(
        @"^apiserver_request_total\{(?<labels>[^}]*)\} (?<count>\S+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Line();

    [GeneratedRegex("verb=\"(?<verb>[A-Z]+)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Verb();
}
