using System.Globalization;
using System.Text;

namespace Sam.DevCluster.Cel;

/// <summary>One token; a literal carries its value.</summary>
internal readonly record struct CelToken(
    string Text,
    bool IsName = false,
    bool IsLiteral = false,
    object? Value = null,
    int At = 0
);

/// <summary>Cuts a CEL expression into tokens.</summary>
internal static class CelLexer
{
    private static readonly string[] Symbols =
    [
        "&&",
        "||",
        "==",
        "!=",
        "<=",
        ">=",
        "<",
        ">",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "?",
        ":",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "{",
        "}",
    ];

    public static List<CelToken> Read(string text)
    {
        var tokens = new List<CelToken>();
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            if (char.IsWhiteSpace(text[at]))
                at++;
            else
                tokens.Add(Next(text, ref at) with { At = start });
        }
        return tokens;
    }

    private static CelToken Next(string text, ref int at) =>
        text[at] switch
        {
            '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => Word(text, ref at),
            >= '0' and <= '9' => Number(text, ref at),
            '"' or '\'' => Text(text, ref at, raw: false),
            _ => Symbol(text, ref at),
        };

    private static CelToken Word(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        var word = text[start..at];
        if (word is "r" or "R" && at < text.Length && text[at] is '"' or '\'')
            return Text(text, ref at, raw: true);
        return word switch
        {
            "true" => new(word, IsLiteral: true, Value: true),
            "false" => new(word, IsLiteral: true, Value: false),
            "null" => new(word, IsLiteral: true),
            "in" => new(word),
            _ => new(word, IsName: true),
        };
    }

    private static CelToken Number(string text, ref int at)
    {
        var found = System.Text.RegularExpressions.Regex.Match(
            text[at..],
            @"^(0x[0-9a-fA-F]+|[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)[uU]?",
            System.Text.RegularExpressions.RegexOptions.NonBacktracking
                | System.Text.RegularExpressions.RegexOptions.ExplicitCapture
        );
        var number = found.Value;
        if (number[^1] is 'u' or 'U')
            throw new CelException("unsigned integers are outside of the subset of CEL that the dev cluster supports", at);
        at += number.Length;
        if (number.StartsWith("0x", StringComparison.Ordinal))
            return new(number, IsLiteral: true, Value: Convert.ToInt64(number, 16));
        return number.AsSpan().ContainsAny('.', 'e', 'E')
            ? new(number, IsLiteral: true, Value: double.Parse(number, CultureInfo.InvariantCulture))
            : new(number, IsLiteral: true, Value: long.Parse(number, CultureInfo.InvariantCulture));
    }

    private static CelToken Text(string text, ref int at, bool raw)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && !raw && at + 1 < text.Length)
            {
                at++;
                value.Append(
                    text[at] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        var other => other,
                    }
                );
            }
            else
            {
                value.Append(text[at]);
            }
            at++;
        }
        if (at >= text.Length)
            throw new CelException("Syntax error: unterminated string", at);
        at++;
        return new("", IsLiteral: true, Value: value.ToString());
    }

    private static CelToken Symbol(string text, ref int at)
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
            {
                at += symbol.Length;
                return new CelToken(symbol);
            }
        }
        throw new CelException($"Syntax error: token recognition error at: '{text[at]}'", at);
    }
}
