namespace Sam.DevCluster.Cel;

/// <summary>The syntax tree of the supported part of CEL.</summary>
internal abstract record CelNode
{
    /// <summary>Where the node stands in the text, for messages.</summary>
    public int At { get; init; }

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

    /// <summary>all, exists, exists_one, filter and map over a list or the keys of a map; map may have a filter.</summary>
    public sealed record Macro(CelNode Target, string Kind, string Variable, CelNode? Filter, CelNode Body) : CelNode;

    /// <summary>A JSON value read as what its schema says: a double, a duration or a timestamp.</summary>
    public sealed record Typed(CelNode Inner, string Type) : CelNode;
}

/// <summary>A rule that cannot be compiled, or that fails while it runs.</summary>
internal sealed class CelException(string message, int at = -1) : Exception(message)
{
    /// <summary>Where the fault stands in the text; negative at run time.</summary>
    public int At { get; } = at;
}

/// <summary>A value that may be absent, as <c>optionalOldSelf</c> gives it.</summary>
internal sealed record CelOptional(bool HasValue, object? Value);

/// <summary>A duration in nanoseconds.</summary>
internal readonly record struct CelDuration(long Nanoseconds) : IComparable<CelDuration>
{
    public int CompareTo(CelDuration other) => Nanoseconds.CompareTo(other.Nanoseconds);
}

/// <summary>A resource quantity such as <c>1.5Gi</c>.</summary>
internal readonly record struct CelQuantity(decimal Value) : IComparable<CelQuantity>
{
    public int CompareTo(CelQuantity other) => Value.CompareTo(other.Value);
}
