namespace Sam.DevCluster.Cel;

/// <summary>Parses the subset; whatever lies outside is an error that says so.</summary>
internal sealed class CelParser
{
    private const string Expected =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    private static readonly string[] Macros = ["all", "exists", "exists_one", "existsOne", "filter", "map"];

    private static readonly string[][] Precedence =
    [
        ["||"],
        ["&&"],
        ["==", "!=", "<", "<=", ">", ">=", "in"],
        ["+", "-"],
        ["*", "/", "%"],
    ];

    private readonly List<CelToken> _tokens;
    private readonly int _end;
    private int _at;

    private CelParser(List<CelToken> tokens, int end) => (_tokens, _end) = (tokens, end);

    public static CelNode Parse(string text)
    {
        var parser = new CelParser(CelLexer.Read(text), text.Length);
        var node = parser.Conditional();
        return parser._at == parser._tokens.Count ? node : throw parser.Unexpected();
    }

    private int Here => _at < _tokens.Count ? _tokens[_at].At : _end;

    private string Peek => _at < _tokens.Count && !_tokens[_at].IsLiteral ? _tokens[_at].Text : "";

    private bool Take(string symbol)
    {
        if (_at >= _tokens.Count || _tokens[_at].IsLiteral || _tokens[_at].Text != symbol)
            return false;
        _at++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected();
    }

    private CelException Unexpected(string expected = Expected) =>
        new(
            _at < _tokens.Count
                ? $"Syntax error: extraneous input '{_tokens[_at].Text}' expecting {expected}"
                : $"Syntax error: mismatched input '<EOF>' expecting {expected}",
            Here
        );

    private CelNode Conditional()
    {
        var test = Binary(0);
        var at = Here;
        if (!Take("?"))
            return test;
        var then = Binary(0);
        Expect(":");
        return new CelNode.Conditional(test, then, Conditional()) { At = at };
    }

    private CelNode Binary(int level)
    {
        if (level == Precedence.Length)
            return Unary();
        var left = Binary(level + 1);
        while (Precedence[level].Contains(Peek))
        {
            var at = Here;
            left = new CelNode.Binary(_tokens[_at++].Text, left, Binary(level + 1)) { At = at };
        }
        return left;
    }

    private CelNode Unary()
    {
        if (Peek is "!" or "-")
        {
            var at = Here;
            return new CelNode.Unary(_tokens[_at++].Text, Unary()) { At = at };
        }
        var node = Primary();
        while (true)
        {
            var at = Here;
            if (Take("."))
            {
                var name = TakeName();
                var open = Here;
                node = Take("(") ? Method(node, name, open) : new CelNode.Field(node, name) { At = at };
            }
            else if (Take("["))
            {
                node = new CelNode.Index(node, Conditional()) { At = at };
                Expect("]");
            }
            else
            {
                return node;
            }
        }
    }

    private CelNode Primary()
    {
        var at = Here;
        if (Take("("))
        {
            var inner = Conditional();
            Expect(")");
            return inner;
        }
        if (Take("["))
            return new CelNode.Items(Arguments("]")) { At = at };
        if (Peek == "{")
            throw new CelException("map literals are outside of the subset of CEL that the dev cluster supports", at);
        if (_at < _tokens.Count && _tokens[_at].IsLiteral)
            return new CelNode.Literal(_tokens[_at++].Value) { At = at };
        var name = TakeName();
        var open = Here;
        if (!Take("("))
            return new CelNode.Name(name) { At = at };
        if (name != "has")
            return new CelNode.Call(null, name, Arguments(")")) { At = open };
        var argument = Conditional();
        Expect(")");
        return argument is CelNode.Field(var target, var field)
            ? new CelNode.Has(target, field) { At = open }
            : throw new CelException("invalid argument to has() macro", open);
    }

    private CelNode Method(CelNode target, string name, int open)
    {
        if (!Macros.Contains(name))
            return new CelNode.Call(target, name, Arguments(")")) { At = open };
        var variable = TakeName();
        var parts = new List<CelNode>();
        while (Take(","))
            parts.Add(Conditional());
        Expect(")");
        var kind = name == "existsOne" ? "exists_one" : name;
        return parts.Count switch
        {
            1 => new CelNode.Macro(target, kind, variable, null, parts[0]) { At = open },
            2 when kind == "map" => new CelNode.Macro(target, kind, variable, parts[0], parts[1]) { At = open },
            _ => throw new CelException(
                $"this form of {name}() is outside of the subset of CEL that the dev cluster supports",
                open
            ),
        };
    }

    private List<CelNode> Arguments(string end)
    {
        var arguments = new List<CelNode>();
        if (Take(end))
            return arguments;
        do arguments.Add(Conditional());
        while (Take(","));
        Expect(end);
        return arguments;
    }

    private string TakeName() => _at < _tokens.Count && _tokens[_at].IsName ? _tokens[_at++].Text : throw Unexpected();
}
