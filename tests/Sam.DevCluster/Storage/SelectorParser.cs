using System.Text.Json.Nodes;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Storage;

/// <summary>One condition on one label.</summary>
internal sealed record LabelRequirement(string Key, string Operator, IReadOnlySet<string> Values);

/// <summary>Parses label selectors and refuses bad ones in the words of the real server.</summary>
internal sealed class SelectorParser(string text)
{
    private const string KeyRule =
        "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

    private readonly SelectorLexer _lexer = new(text);

    public List<LabelRequirement> Parse()
    {
        var found = new List<LabelRequirement>();
        while (_lexer.Peek().Length > 0)
        {
            if (_lexer.Peek() != "!" && !SelectorLexer.IsWord(_lexer.Peek()))
                throw new FormatException($"found '{_lexer.Peek()}', expected: !, identifier, or 'end of string'");
            found.Add(Requirement());
            var separator = _lexer.Take();
            if (separator.Length == 0)
                break;
            if (separator != ",")
                throw new FormatException($"found '{separator}', expected: ',' or 'end of string'");
            if (_lexer.Peek() != "!" && !SelectorLexer.IsWord(_lexer.Peek()))
                throw new FormatException($"found '{_lexer.Peek()}', expected: identifier after ','");
        }
        return found;
    }

    private LabelRequirement Requirement()
    {
        var isAbsent = _lexer.Peek() == "!";
        if (isAbsent)
            _lexer.Take();
        var key = _lexer.Take();
        if (!SelectorLexer.IsWord(key))
            throw Refused($"found '{key}', expected: identifier");
        CheckKey(key);
        if (isAbsent)
            return new LabelRequirement(key, "!", new HashSet<string>());
        if (_lexer.Peek() is "" or ",")
            return new LabelRequirement(key, "exists", new HashSet<string>());
        var sign = _lexer.Take();
        switch (sign)
        {
            case "in" or "notin":
                return new LabelRequirement(key, sign, Values());
            case "=" or "==":
                return new LabelRequirement(key, "in", new HashSet<string> { Value() });
            case "!=":
                return new LabelRequirement(key, "notin", new HashSet<string> { Value() });
            case ">" or "<":
                var bound = Value();
                if (!long.TryParse(bound, out _))
                    throw Refused(
                        $"values[0]: Invalid value: {FieldError.GoQuote(bound)}: for 'Gt', 'Lt' operators, the value must be an integer"
                    );
                return new LabelRequirement(key, sign == ">" ? "gt" : "lt", new HashSet<string> { bound });
            default:
                throw Refused($"found '{sign}', expected: in, notin, =, ==, !=, gt, lt");
        }
    }

    private HashSet<string> Values()
    {
        var open = _lexer.Take();
        if (open != "(")
            throw Refused($"found '{open}' expected: '('");
        var values = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            values.Add(SelectorLexer.IsWord(_lexer.Peek()) ? _lexer.Take() : "");
            var separator = _lexer.Take();
            if (separator == ")")
                return values;
            if (separator != ",")
                throw Refused($"found '{separator}', expected: ',', or ')'");
        }
    }

    private string Value()
    {
        if (_lexer.Peek() is "" or ",")
            return "";
        var value = _lexer.Take();
        return SelectorLexer.IsWord(value) ? value : throw Refused($"found '{value}', expected: identifier");
    }

    private static void CheckKey(string key)
    {
        if (key.Count(letter => letter == '/') > 1)
            throw Refused($"{FieldError.Invalid("<nil>", JsonValue.Create(key), KeyRule)}");
        foreach (var problem in Names.QualifiedName(key))
            throw Refused($"{FieldError.Invalid("<nil>", JsonValue.Create(key), problem)}");
    }

    private static FormatException Refused(string what) => new($"unable to parse requirement: {what}");
}
