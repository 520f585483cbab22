using System.Globalization;

namespace Sam.Compose.Parsing;

/// <summary>Where a node stands in the text; problems are told in this order.</summary>
internal readonly record struct Place(long Line, long Column);

/// <summary>A YAML node after anchors and merge keys.</summary>
internal abstract record Node(Place Place);

internal sealed record MapNode(Place Place, IReadOnlyList<MapEntry> Entries) : Node(Place);

internal sealed record MapEntry(string Key, Place Place, Node Value);

internal sealed record ListNode(Place Place, IReadOnlyList<Node> Items) : Node(Place);

/// <summary>A scalar with the type that YAML's core schema gives it.</summary>
internal sealed record ScalarNode(Place Place, string Text, ScalarKind Kind) : Node(Place)
{
    /// <summary>A quoted scalar is a string whatever it looks like.</summary>
    public static ScalarNode Of(Place place, string text, bool plain, string? tag) =>
        new(place, text, tag is null ? (plain ? KindOf(text) : ScalarKind.String) : KindOfTag(tag, text));

    private static ScalarKind KindOfTag(string tag, string text) =>
        tag switch
        {
            "tag:yaml.org,2002:null" => ScalarKind.Null,
            "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => KindOf(text),
            _ => ScalarKind.String,
        };

    // As go-yaml v3 resolves for compose-go: yes, no, on and off are strings, 22:22 is a string, 0o17, 017 and 0x1f are integers.
    private static ScalarKind KindOf(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
            _ when Numbers.Integer(text) is not null => ScalarKind.Integer,
            _ when Numbers.Float(text) is not null => ScalarKind.Float,
            _ when Timestamps.Read(text) is not null => ScalarKind.Timestamp,
            _ => ScalarKind.String,
        };
}

internal enum ScalarKind
{
    Null,
    Boolean,
    Integer,
    Float,
    Timestamp,
    String,
}

/// <summary>Numbers as YAML files write them.</summary>
internal static class Numbers
{
    public static long? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = (negative || text.StartsWith('+') ? text[1..] : text).Replace("_", "", StringComparison.Ordinal);
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
            return null;
        var number = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => Radix(hex, 16),
            ['0', 'o' or 'O', .. var octal] => Radix(octal, 8),
            ['0', 'b' or 'B', .. var binary] => Radix(binary, 2),
            ['0', .. { Length: > 0 } octal] => Radix(octal, 8),
            _ => Radix(digits, 10),
        };
        return negative ? -number : number;
    }

    public static double? Float(string text)
    {
        if (
            text.Length == 0
            || !text.Any(char.IsAsciiDigit)
            || text.Any(symbol => !(char.IsAsciiDigit(symbol) || "+-.eE".Contains(symbol)))
        )
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
    }

    private static long? Radix(string digits, int radix)
    {
        if (digits.Length == 0)
            return null;
        long number = 0;
        foreach (var digit in digits)
        {
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 99;
            if (value >= radix || number > (long.MaxValue - value) / radix)
                return null;
            number = (number * radix) + value;
        }
        return number;
    }
}
