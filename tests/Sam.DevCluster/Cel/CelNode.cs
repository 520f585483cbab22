namespace Sam.DevCluster.Cel;

/// <summary>The syntax tree of the supported part of CEL.</summary>
internal abstract record CelNode
{
    public sealed record Literal(object? Value) : CelNode;

    public sealed record Name(string Text) : CelNode;

    public sealed record Field(CelNode Target, string Text) : CelNode;

    public sealed record Index(CelNode Target, CelNode Key) : CelNode;

    public sealed record Has(CelNode Target, string Text) : CelNode;

    public sealed record Unary(string Operator, CelNode Operand) : CelNode;

    public sealed record Binary(string Operator, CelNode Left, CelNode Right) : CelNode;

    public sealed record Conditional(CelNode Test, CelNode Then, CelNode Else) : CelNode;

    public sealed record Items(IReadOnlyList<CelNode> Values) : CelNode;

    public sealed record Call(CelNode? Target, string Function, IReadOnlyList<CelNode> Arguments) : CelNode;

    /// <summary>all, exists, exists_one, filter and map over a list or the keys of a map.</summary>
    public sealed record Macro(CelNode Target, string Kind, string Variable, CelNode Body) : CelNode;
}

/// <summary>A rule that cannot be compiled, or that fails while it runs.</summary>
internal sealed class CelException(string message) : Exception(message);

/// <summary>A value that may be absent, as <c>optionalOldSelf</c> gives it.</summary>
internal sealed record CelOptional(bool HasValue, object? Value);
