using System.Text;

namespace Sam.Compose.Interpolation;

/// <summary>
/// Reads files of NAME=value lines as Compose does (https://docs.docker.com/compose/environment-variables/env-file/): comments, `export`, quotes, values
/// over several lines, and variables in all but single quotes.
/// </summary>
public static class DotEnv
{
    /// <summary>Variables in the order of the file; one without a value is taken from outside, or left out.</summary>
    /// <param name="text">The file.</param>
    /// <param name="outside">Variables that win over those of the file in its own references.</param>
    /// <exception cref="FormatException">A line is no variable; the message names its number and never a value.</exception>
    public static IReadOnlyDictionary<string, string> Read(string text, IReadOnlyDictionary<string, string> outside) =>
        new Scanner(text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF'), outside).Scan();

    private sealed class Scanner(string text, IReadOnlyDictionary<string, string> outside)
    {
        private readonly Dictionary<string, string> _read = new(StringComparer.Ordinal);
        private int _at;

        public IReadOnlyDictionary<string, string> Scan()
        {
            while (SkipToName())
            {
                var name = Name();
                if (name.Inherited)
                {
                    if (outside.TryGetValue(name.Text, out var value))
                        _read[name.Text] = value;
                    continue;
                }

                _read[name.Text] = Value();
            }

            return _read;
        }

        private bool SkipToName()
        {
            while (_at < text.Length)
            {
                if (char.IsWhiteSpace(text[_at]))
                    _at++;
                else if (text[_at] == '#')
                    _at = LineEnd();
                else
                    return true;
            }

            return false;
        }

        private (string Text, bool Inherited) Name()
        {
            const string Export = "export";
            if (
                string.CompareOrdinal(text, _at, Export, 0, Export.Length) == 0
                && _at + Export.Length < text.Length
                && text[_at + Export.Length] is ' ' or '\t'
            )
                _at += Export.Length;
            while (_at < text.Length && text[_at] is ' ' or '\t')
                _at++;
            var end = LineEnd();
            var stop = text.AsSpan(_at, end - _at).IndexOfAny('=', ':');
            var name = (stop < 0 ? text[_at..end] : text[_at..(_at + stop)]).TrimEnd();
            if (
                name.Length == 0
                || !name.All(symbol => char.IsLetterOrDigit(symbol) || symbol is '_' or '.' or '-' or '[' or ']')
            )
                throw Fault("no variable stands here; write it as NAME=value");
            _at = stop < 0 ? end : _at + stop + 1;
            return (name, stop < 0);
        }

        private string Value()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t')
                _at++;
            if (_at < text.Length && text[_at] is '\'' or '"')
                return Quoted(text[_at]);
            var end = LineEnd();
            var value = WithoutComment(text[_at..end]).Trim();
            var expanded = Expand(value);
            _at = end;
            return expanded;
        }

        private string Quoted(char quote)
        {
            var start = ++_at;
            while (_at < text.Length && (text[_at] != quote || text[_at - 1] == '\\'))
                _at++;
            if (_at >= text.Length)
            {
                _at = start;
                throw Fault("a quote is left open");
            }

            var inner = text[start.._at];
            var value = quote == '\'' ? inner : Expand(Unescape(inner));
            _at = LineEnd();
            return value;
        }

        private static string Unescape(string text)
        {
            var result = new StringBuilder();
            for (var at = 0; at < text.Length; at++)
            {
                if (text[at] != '\\' || at + 1 == text.Length)
                {
                    result.Append(text[at]);
                    continue;
                }

                at++;
                result.Append(
                    text[at] switch
                    {
                        'n' => "\n",
                        'r' => "\r",
                        't' => "\t",
                        '$' => "$$",
                        var other => other.ToString(),
                    }
                );
            }

            return result.ToString();
        }

        private static string WithoutComment(string value)
        {
            for (var at = 0; at < value.Length; at++)
            {
                if (value[at] == '#' && (at == 0 || char.IsWhiteSpace(value[at - 1])))
                    return value[..at];
            }

            return value;
        }

        private string Expand(string value)
        {
            if (!value.Contains('$', StringComparison.Ordinal))
                return value;
            var known = new Dictionary<string, string>(_read, StringComparer.Ordinal);
            foreach (var (name, given) in outside)
                known[name] = given;
            var expansion = new Interpolator(known).Expand(value);
            return expansion.Fault is { } fault ? throw Fault(fault.Message) : expansion.Text;
        }

        private int LineEnd() => text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;

        private FormatException Fault(string why) =>
            new($"line {1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n')}: {why}");
    }
}
