using System.Collections.Immutable;
using System.Text;

namespace Sam.Compose.Parsing;

/// <summary>Splits a command as a shell would, without expanding anything.</summary>
internal static class ShellWords
{
    /// <summary>Null when a quote or a backslash is left open.</summary>
    public static ImmutableArray<string>? Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol == '\\' && quote != '\'')
            {
                if (++at == text.Length)
                    return null;
                // Inside double quotes a backslash stays unless it escapes something there.
                if (quote == '"' && !"\"\\$`\n".Contains(text[at], StringComparison.Ordinal))
                    word.Append('\\');
                word.Append(text[at]);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (symbol == quote)
                    quote = '\0';
                else
                    word.Append(symbol);
            }
            else if (symbol is '\'' or '"')
            {
                (quote, inWord) = (symbol, true);
            }
            else if (char.IsWhiteSpace(symbol))
            {
                Close(words, word, ref inWord);
            }
            else
            {
                word.Append(symbol);
                inWord = true;
            }
        }
        if (quote != '\0')
            return null;
        Close(words, word, ref inWord);
        return words.ToImmutable();
    }

    private static void Close(ImmutableArray<string>.Builder words, StringBuilder word, ref bool inWord)
    {
        if (inWord)
            words.Add(word.ToString());
        word.Clear();
        inWord = false;
    }
}
