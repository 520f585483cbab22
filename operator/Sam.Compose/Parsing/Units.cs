using System.Globalization;
using System.Text;

namespace Sam.Compose.Parsing;

/// <summary>Durations and sizes as Compose writes them.</summary>
internal static class Units
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>1h30m, 10s, 1.5m, 500ms; null when it is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        var at = 0;
        var nanoseconds = 0.0;
        while (at < text.Length)
        {
            var number = Span(text, ref at, symbol => char.IsAsciiDigit(symbol) || symbol == '.');
            var unit = Span(text, ref at, symbol => char.IsAsciiLetter(symbol) || symbol is 'µ' or 'μ');
            if (Numbers.Float(number) is not { } value || UnitOf(unit) is not { } factor)
                return null;
            nanoseconds += value * factor;
        }
        return text.Length > 0 && nanoseconds <= Longest.TotalNanoseconds ? TimeSpan.FromTicks((long)(nanoseconds / 100)) : null;
    }

    /// <summary>Binary multiples, as Docker reads 512M, 1.5g or 64kb.</summary>
    public static long? Bytes(string text)
    {
        var at = 0;
        var number = Span(text, ref at, symbol => char.IsAsciiDigit(symbol) || symbol == '.');
        var unit = text[at..].Trim().ToLowerInvariant();
        int? shift = unit switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 10,
            "m" or "mb" or "mib" => 20,
            "g" or "gb" or "gib" => 30,
            "t" or "tb" or "tib" => 40,
            _ => null,
        };
        if (shift is null || Numbers.Float(number) is not { } value)
            return null;
        var bytes = value * (1L << shift.Value);
        return bytes <= 1L << 50 ? (long)bytes : null;
    }

    private static double? UnitOf(string unit) =>
        unit switch
        {
            "ns" => 1,
            "us" or "µs" or "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            "d" => 86_400e9,
            _ => null,
        };

    private static string Span(string text, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        while (at < text.Length && belongs(text[at]))
            at++;
        return text[start..at];
    }
}

/// <summary>Floats as Go prints them, since that is what Compose makes of an unquoted number.</summary>
internal static class GoNumbers
{
    public static string Format(double number)
    {
        if (number == 0)
            return double.IsNegative(number) ? "-0" : "0";
        var shortest = number.ToString("E16", CultureInfo.InvariantCulture);
        for (var precision = 0; precision < 17; precision++)
        {
            shortest = number.ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(shortest, CultureInfo.InvariantCulture) == number)
                break;
        }
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest[(mark + 1)..], CultureInfo.InvariantCulture);
        var mantissa = shortest[..mark];
        if (exponent is < -4 or >= 21)
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        return Spread(mantissa, exponent);
    }

    private static string Spread(string mantissa, int exponent)
    {
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var digits = new StringBuilder(
            mantissa.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)
        );
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        while (digits.Length <= exponent)
            digits.Append('0');
        if (digits.Length > exponent + 1)
            digits.Insert(exponent + 1, '.');
        return sign + digits;
    }
}
