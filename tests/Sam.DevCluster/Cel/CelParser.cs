namespace Sam.DevCluster.Cel;

/// <summary>Parses the subset; whatever lies outside is an error that says so.</summary>
internal sealed class CelParser
{
    private static readonly string[] Macros = ["all", "exists", "exists_one", "filter", "map"];

    private static readonly string[][] Precedence =
    [
        ["||"],
        ["&&"],
        ["==", "!=", "<", "<=", ">", ">=", "in"],
        ["+", "-"],
        ["*", "/", "%"],
    ];

    private readonly List<CelToken> _tokens;
    private static readonly string[] SchemaVariables = ["self", "oldSelf"];

    private readonly HashSet<string> _variables;
    private int _at;

    private CelParser(List<CelToken> tokens, IEnumerable<string> variables)
    {
        _tokens = tokens;
        _variables = [.. variables];
    }

    public static CelNode Parse(string text, IEnumerable<string>? variables = null)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new CelException("rule is not specified");
        var parser = new CelParser(CelLexer.Read(text), variables ?? SchemaVariables);
        var node = parser.Conditional();
        return parser._at == parser._tokens.Count ? node : throw parser.Unexpected();
    }

    /// <summary>Why a rule cannot be used; null when it can.</summary>
    public static string? Problem(string text, IEnumerable<string>? variables = null)
    {
        try
        {
            Parse(text, variables);
            return null;
        }
        catch (CelException fault)
        {
            return fault.Message;
        }
    }

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

    private CelException Unexpected() =>
        new(_at < _tokens.Count ? $"Syntax error: unexpected '{_tokens[_at].Text}'" : "Syntax error: mismatched input '<EOF>'");

    private CelNode Conditional()
    {
        var test = Binary(0);
        if (!Take("?"))
            return test;
        var then = Conditional();
        Expect(":");
        return new CelNode.Conditional(test, then, Conditional());
    }

    private CelNode Binary(int level)
    {
        if (level == Precedence.Length)
            return Unary();
        var left = Binary(level + 1);
        while (Precedence[level].Contains(Peek))
            left = new CelNode.Binary(_tokens[_at++].Text, left, Binary(level + 1));
        return left;
    }

    private CelNode Unary()
    {
        if (Peek is "!" or "-")
            return new CelNode.Unary(_tokens[_at++].Text, Unary());
        var node = Primary();
        while (true)
        {
            if (Take("."))
            {
                var name = TakeName();
                node = Take("(") ? Method(node, name) : new CelNode.Field(node, name);
            }
            else if (Take("["))
            {
                node = new CelNode.Index(node, Conditional());
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
        if (Take("("))
        {
            var inner = Conditional();
            Expect(")");
            return inner;
        }
        if (Take("["))
            return new CelNode.Items(Arguments("]"));
        if (_at < _tokens.Count && _tokens[_at].IsLiteral)
            return new CelNode.Literal(_tokens[_at++].Value);
        var name = TakeName();
        if (!Take("("))
            return _variables.Contains(name)
                ? new CelNode.Name(name)
                : throw new CelException($"undeclared reference to '{name}' (in container '')");
        if (name == "has")
        {
            var argument = Conditional();
            Expect(")");
            return argument is CelNode.Field(var target, var field)
                ? new CelNode.Has(target, field)
                : throw new CelException("invalid argument to has() macro");
        }
        return Known(null, name, Arguments(")"));
    }

    private CelNode Method(CelNode target, string name)
    {
        if (!Macros.Contains(name))
            return Known(target, name, Arguments(")"));
        var variable = TakeName();
        Expect(",");
        var added = _variables.Add(variable);
        var body = Conditional();
        if (added)
            _variables.Remove(variable);
        Expect(")");
        return new CelNode.Macro(target, name, variable, body);
    }

    private static CelNode.Call Known(CelNode? target, string name, IReadOnlyList<CelNode> arguments) =>
        CelFunctions.IsKnown(name, target is not null, arguments.Count)
            ? new CelNode.Call(target, name, arguments)
            : throw new CelException(
                $"undeclared reference to '{name}' (in container ''), or outside of the subset of CEL that the dev cluster supports"
            );

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
