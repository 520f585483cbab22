namespace Sam.Rules.Policy;

/// <summary>Patterns of names: <c>*</c> stands for any text without a slash, <c>?</c> for one character that is none; all else for itself.</summary>
public static class Glob
{
    /// <summary>Whether the whole text matches. Linear in both, whatever the pattern.</summary>
    public static bool IsMatch(string pattern, string text, bool ignoreCase = false)
    {
        var (at, star, mark) = (0, -1, 0);
        for (var i = 0; i < text.Length; )
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, mark, at) = (at, i, at + 1);
            else if (at < pattern.Length && IsSame(pattern[at], text[i], ignoreCase))
                (at, i) = (at + 1, i + 1);
            else if (star >= 0 && text[mark] != '/')
                (at, i) = (star + 1, ++mark);
            else
                return false;
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    private static bool IsSame(char pattern, char text, bool ignoreCase) =>
        pattern == '?'
            ? text != '/'
            : pattern == text || (ignoreCase && char.ToUpperInvariant(pattern) == char.ToUpperInvariant(text));
}
