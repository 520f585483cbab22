using System.Globalization;
using System.Text;

namespace Sam.DevCluster.Cel;

/// <summary>One token; a literal carries its value.</summary>
internal readonly record struct CelToken(string Text, bool IsName = false, bool IsLiteral = false, object? Value = null);

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
            var c = text[at];
            if (char.IsWhiteSpace(c))
                at++;
            else if (char.IsAsciiLetter(c) || c == '_')
                tokens.Add(Word(text, ref at));
            else if (char.IsAsciiDigit(c))
                tokens.Add(Number(text, ref at));
            else if (c is '"' or '\'')
                tokens.Add(Text(text, ref at, raw: false));
            else
                tokens.Add(Symbol(text, ref at));
        }
        return tokens;
    }

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
        var start = at;
        while (
            at < text.Length
            && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        )
            at++;
        var number = text[start..at];
        if (at < text.Length && text[at] is 'u' or 'U')
            at++;
        return number.Contains('.')
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
            throw new CelException("unterminated string");
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
        throw new CelException($"Syntax error: token recognition error at: '{text[at]}'");
    }
}
