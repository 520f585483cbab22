using System.Text;

namespace Sam.Compose.Interpolation;

/// <summary>What became of one value: its text, the variables nobody set, and the first fault.</summary>
internal sealed record Expansion(string Text, IReadOnlyList<string> Unset, ExpansionFault? Fault);

/// <summary>Why a value has no text; Missing: the file itself demands the variable (`:?`).</summary>
internal sealed record ExpansionFault(bool Missing, string Message);

/// <summary>`$VAR` and `${VAR...}` as the Compose specification defines them.</summary>
internal sealed class Interpolator(IReadOnlyDictionary<string, string> variables)
{
    // A long variable named often enough would fill the memory; real files stay far below.
    private const int MostCharacters = 2 * 1024 * 1024;
    private const int MostDepth = 30;
    private int _written;

    public Expansion Expand(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
            return new Expansion(text, [], null);
        var run = new Run(this, text);
        try
        {
            var expanded = run.Text(0, text.Length, 0);
            return new Expansion(expanded, run.Unset, null);
        }
        catch (TemplateException fault)
        {
            return new Expansion("", run.Unset, new ExpansionFault(fault.Missing, fault.Message));
        }
    }

    private string? Value(string name) => variables.TryGetValue(name, out var value) ? value : null;

    private void Spend(int characters)
    {
        _written += characters;
        if (_written > MostCharacters)
            throw new TemplateException(
                false,
                $"the file grows beyond {MostCharacters} characters by its variables; use fewer or shorter ones"
            );
    }

    private sealed class Run(Interpolator owner, string text)
    {
        public List<string> Unset { get; } = [];

        public string Text(int start, int end, int depth)
        {
            if (depth > MostDepth)
                throw new TemplateException(false, $"defaults are nested deeper than {MostDepth} levels");
            var result = new StringBuilder();
            var at = start;
            while (at < end)
            {
                var dollar = text.IndexOf('$', at, end - at);
                if (dollar < 0)
                    dollar = end;
                result.Append(text, at, dollar - at);
                at = dollar < end ? Reference(dollar, end, depth, result) : end;
            }
            return result.ToString();
        }

        // Returns where to go on after the reference that starts at the dollar.
        private int Reference(int dollar, int end, int depth, StringBuilder result)
        {
            var next = dollar + 1;
            if (next < end && text[next] == '$')
            {
                result.Append('$');
                return next + 1;
            }
            if (next < end && text[next] == '{')
                return Braced(next + 1, end, depth, result);
            var stop = NameEnd(next, end);
            if (stop == next)
                throw Invalid();
            Append(result, Plain(text[next..stop]));
            return stop;
        }

        private int Braced(int start, int end, int depth, StringBuilder result)
        {
            var close = Close(start, end);
            var stop = NameEnd(start, close);
            if (stop == start)
                throw Invalid();
            var name = text[start..stop];
            var value = owner.Value(name);
            if (stop == close)
            {
                Append(result, Plain(name));
                return close + 1;
            }
            var colon = text[stop] == ':';
            var sign = stop + (colon ? 1 : 0);
            if (sign >= close)
                throw Invalid();
            var has = colon ? !string.IsNullOrEmpty(value) : value is not null;
            var rest = sign + 1;
            switch (text[sign])
            {
                case '-':
                    Append(result, has ? value! : Text(rest, close, depth + 1));
                    break;
                case '+':
                    Append(result, has ? Text(rest, close, depth + 1) : "");
                    break;
                case '?':
                    if (!has)
                        throw Demanded(name, text[rest..close]);
                    Append(result, value!);
                    break;
                default:
                    throw Invalid();
            }
            return close + 1;
        }

        private string Plain(string name)
        {
            if (owner.Value(name) is { } value)
                return value;
            Unset.Add(name);
            return "";
        }

        private void Append(StringBuilder result, string value)
        {
            owner.Spend(value.Length);
            result.Append(value);
        }

        private int Close(int start, int end)
        {
            var open = 1;
            for (var at = start; at < end; at++)
            {
                if (text[at] == '{' && at > 0 && text[at - 1] == '$')
                    open++;
                else if (text[at] == '}' && --open == 0)
                    return at;
            }
            throw Invalid();
        }

        private int NameEnd(int start, int end)
        {
            var at = start;
            while (at < end && (char.IsAsciiLetter(text[at]) || text[at] == '_' || (at > start && char.IsAsciiDigit(text[at]))))
                at++;
            return at;
        }

        private static TemplateException Invalid() =>
            new(false, "a dollar sign stands for no variable here; write ${NAME}, or $$ for a plain dollar sign");

        private static TemplateException Demanded(string name, string reason) =>
            new(true, $"variable {name} has no value{(reason.Length == 0 ? "" : $" ({reason})")}; set it in env or envFrom");
    }

    private sealed class TemplateException(bool missing, string message) : Exception(message)
    {
        public bool Missing { get; } = missing;
    }
}
