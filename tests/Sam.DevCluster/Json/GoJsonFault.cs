using System.Text;

namespace Sam.DevCluster.Json;

/// <summary>What Go says about JSON that does not parse.</summary>
internal ref struct GoJsonFault
{
    private const string Open = "unexpected end of JSON input";

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private string? _fault;

    private GoJsonFault(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The first fault in Go's words; null where Go finds none.</summary>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        var scan = new GoJsonFault(Encoding.UTF8.GetString(json));
        scan.Value();
        scan.Blanks();
        if (scan._fault is null && scan._at < scan._text.Length)
            scan.Fail("after top-level value");
        return scan._fault;
    }

    /// <summary>The first fault in Go's words, or the words given.</summary>
    public static string Describe(ReadOnlySpan<byte> json, string otherwise) => Find(json) ?? otherwise;

    private readonly bool IsFailed => _fault is not null;

    private void Fail(string context)
    {
        if (_at >= _text.Length)
        {
            _fault ??= Open;
            return;
        }
        var shown = _text[_at] switch
        {
            '\'' => @"\'",
            '"' => "\"",
            '\\' => @"\\",
            '\t' => @"\t",
            '\n' => @"\n",
            '\r' => @"\r",
            < ' ' and var low => $@"\x{(int)low:x2}",
            var other => other.ToString(),
        };
        _fault ??= $"invalid character '{shown}' {context}";
    }

    private void Blanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
            _at++;
    }

    private readonly char Here => _at < _text.Length ? _text[_at] : '\0';

    private void Value()
    {
        Blanks();
        switch (Here)
        {
            case '{':
                Members('}');
                break;
            case '[':
                Members(']');
                break;
            case '"':
                String();
                break;
            case 't':
                Literal("true");
                break;
            case 'f':
                Literal("false");
                break;
            case 'n':
                Literal("null");
                break;
            case '-' or (>= '0' and <= '9'):
                Number();
                break;
            default:
                Fail("looking for beginning of value");
                break;
        }
    }

    private void Members(char end)
    {
        var isObject = end == '}';
        _at++;
        Blanks();
        if (Here == end)
        {
            _at++;
            return;
        }
        while (!IsFailed)
        {
            if (isObject)
                Key();
            if (IsFailed)
                return;
            Value();
            Blanks();
            if (IsFailed)
                return;
            if (Here == end)
            {
                _at++;
                return;
            }
            if (Here != ',')
                Fail(isObject ? "after object key:value pair" : "after array element");
            _at++;
        }
    }

    private void Key()
    {
        Blanks();
        if (Here == '"')
            String();
        else
            Fail("looking for beginning of object key string");
        Blanks();
        if (!IsFailed && Here != ':')
            Fail("after object key");
        _at++;
    }

    private void String()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            switch (_text[_at])
            {
                case '"':
                    _at++;
                    return;
                case '\\':
                    _at++;
                    Escape();
                    break;
                case < ' ':
                    Fail("in string");
                    break;
            }
            if (IsFailed)
                return;
        }
        Fail("in string");
    }

    private void Escape()
    {
        if (Here == 'u')
        {
            for (var digit = 0; digit < 4 && !IsFailed; digit++)
            {
                _at++;
                if (!char.IsAsciiHexDigit(Here))
                    Fail(@"in \u hexadecimal character escape");
            }
        }
        else if (!"\"\\/bfnrt".Contains(Here))
        {
            Fail("in string escape code");
        }
    }

    private void Literal(string literal)
    {
        foreach (var letter in literal)
        {
            if (Here != letter)
            {
                Fail($"in literal {literal} (expecting '{letter}')");
                return;
            }
            _at++;
        }
    }

    private void Number()
    {
        if (Here == '-')
            _at++;
        if (Here == '0')
            _at++;
        else
            Digits("in numeric literal");
        if (Here == '.')
        {
            _at++;
            Digits("after decimal point in numeric literal");
        }
        if (IsFailed || Here is not ('e' or 'E'))
            return;
        _at++;
        if (Here is '+' or '-')
            _at++;
        Digits("in exponent of numeric literal");
    }

    private void Digits(string context)
    {
        if (IsFailed)
            return;
        if (!char.IsAsciiDigit(Here))
            Fail(context);
        while (char.IsAsciiDigit(Here))
            _at++;
    }
}
