using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sam.DevCluster.Cel;

/// <summary>The functions of strings; positions count code points.</summary>
internal static partial class CelTextFunctions
{
    public static object Call(string name, string text, IReadOnlyList<object?> arguments)
    {
        string Word(int index) => arguments[index] as string ?? throw CelValues.NoOverload();
        int Whole(int index) => arguments[index] is long number ? checked((int)number) : throw CelValues.NoOverload();
        switch (name)
        {
            case "size":
                return (long)text.EnumerateRunes().Count();
            case "startsWith":
                return text.StartsWith(Word(0), StringComparison.Ordinal);
            case "endsWith":
                return text.EndsWith(Word(0), StringComparison.Ordinal);
            case "contains":
                return text.Contains(Word(0), StringComparison.Ordinal);
            case "matches":
                return Pattern(Word(0)).IsMatch(text);
            case "find":
                return Pattern(Word(0)).Match(text).Value;
            case "findAll":
                var found = Pattern(Word(0)).Matches(text).Select(match => (object?)match.Value);
                return (arguments.Count > 1 ? found.Take(Whole(1)) : found).ToList();
            case "lowerAscii":
                return string.Concat(text.Select(c => char.IsAscii(c) ? char.ToLowerInvariant(c) : c));
            case "upperAscii":
                return string.Concat(text.Select(c => char.IsAscii(c) ? char.ToUpperInvariant(c) : c));
            case "trim":
                return text.Trim();
            case "split":
                return Split(text, Word(0), arguments.Count > 1 ? Whole(1) : -1);
            case "replace":
                return Replace(text, Word(0), Word(1), arguments.Count > 2 ? Whole(2) : -1);
            case "substring":
                return Substring(text, Whole(0), arguments.Count > 1 ? Whole(1) : null);
            case "charAt":
                var at = Whole(0);
                return at == Runes(text).Length ? "" : Substring(text, at, at + 1);
            case "indexOf":
                return Position(text, text.IndexOf(Word(0), StringComparison.Ordinal));
            case "lastIndexOf":
                return Position(text, text.LastIndexOf(Word(0), StringComparison.Ordinal));
            default:
                return Convert(name, text);
        }
    }

    private static object Convert(string name, string text) =>
        name switch
        {
            "string" => text,
            "int" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw new CelException($"strconv.ParseInt: parsing \"{text}\": invalid syntax"),
            "double" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                ? real
                : throw new CelException($"strconv.ParseFloat: parsing \"{text}\": invalid syntax"),
            "bool" => text switch
            {
                "true" or "TRUE" or "True" or "t" or "1" => true,
                "false" or "FALSE" or "False" or "f" or "0" => false,
                _ => throw new CelException("type conversion error from 'string' to 'bool'"),
            },
            "duration" => CelTimes.Duration(text),
            "timestamp" => CelTimes.Timestamp(text),
            "isQuantity" => QuantityPattern().IsMatch(text),
            "quantity" => Quantity(text),
            _ => throw CelValues.NoOverload(),
        };

    private static CelQuantity Quantity(string text)
    {
        var found = QuantityPattern().Match(text);
        if (!found.Success)
            throw new CelException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        var amount = decimal.Parse(found.Groups["amount"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        decimal Power(decimal unit, int times) => Enumerable.Repeat(unit, times).Aggregate(1m, (a, b) => a * b);
        var suffix = found.Groups["suffix"].Value;
        var factor = suffix switch
        {
            "" => 1,
            "n" => 0.000000001m,
            "u" => 0.000001m,
            "m" => 0.001m,
            _ when suffix.EndsWith('i') => Power(1024, "KMGTPE".IndexOf(suffix[0]) + 1),
            _ when suffix is "k" or "M" or "G" or "T" or "P" or "E" => Power(1000, "kMGTPE".IndexOf(suffix[0]) + 1),
            _ => (decimal)Math.Pow(10, int.Parse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        };
        return new CelQuantity(amount * factor);
    }

    private static List<object?> Split(string text, string separator, int limit)
    {
        if (limit == 0)
            return [];
        var parts =
            separator.Length == 0 ? Runes(text).Select(rune => rune.ToString())
            : limit < 0 ? text.Split(separator)
            : text.Split(separator, limit);
        return [.. parts];
    }

    private static string Replace(string text, string old, string fresh, int limit)
    {
        if (limit < 0)
            return old.Length == 0 ? text : text.Replace(old, fresh, StringComparison.Ordinal);
        var parts = text.Split(old, limit + 1);
        return string.Join(fresh, parts);
    }

    private static string Substring(string text, int from, int? to)
    {
        var runes = Runes(text);
        var end = to ?? runes.Length;
        if (from < 0 || end > runes.Length || from > end)
            throw new CelException($"index out of range: {(from < 0 || from > runes.Length ? from : end)}");
        return string.Concat(runes[from..end].Select(rune => rune.ToString()));
    }

    private static long Position(string text, int index) => index < 0 ? -1 : text[..index].EnumerateRunes().Count();

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    private static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new CelException($"error parsing regexp: {fault.Message}");
        }
    }

    [GeneratedRegex(
        @"^(?<amount>[+-]?(\d+(\.\d*)?|\.\d+))(?<suffix>[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex QuantityPattern();
}
