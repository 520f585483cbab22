namespace Sam.Crds.Schema;

/// <summary>Short names of a kind for kubectl.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShortNamesAttribute(params string[] names) : Attribute
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>A column of <c>kubectl get</c>, in the order of declaration; Age is added last by the generator.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    /// <summary>Head of the column.</summary>
    public string Name { get; } = name;

    /// <summary>JSONPath below the object.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>string, integer, number, boolean or date.</summary>
    public string Type { get; init; } = "string";

    /// <summary>Shown under <c>-o wide</c> only.</summary>
    public bool Wide { get; init; }

    /// <summary>What the column tells.</summary>
    public string? Description { get; init; }
}

/// <summary>A CEL rule (<c>x-kubernetes-validations</c>) on a type or a property.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class RuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The CEL expression.</summary>
    public string Rule { get; } = rule;

    /// <summary>What the user reads when it is broken; names the way out.</summary>
    public string Message { get; } = message;
}

/// <summary>The field must be set.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>Default that the API server fills in; for objects and lists a JSON text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(object value) : Attribute
{
    /// <summary>The value.</summary>
    public object Value { get; } = value;
}

/// <summary>Regular expression (RE2) of a string, or of the strings in a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    /// <summary>The expression.</summary>
    public string Pattern { get; } = pattern;
}

/// <summary>Bounds of a string's length, or of the strings in a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LengthAttribute(int minimum, int maximum) : Attribute
{
    /// <summary>Fewest characters.</summary>
    public int Minimum { get; } = minimum;

    /// <summary>Most characters.</summary>
    public int Maximum { get; } = maximum;
}

/// <summary>Bounds of a number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(long minimum, long maximum) : Attribute
{
    /// <summary>Smallest value.</summary>
    public long Minimum { get; } = minimum;

    /// <summary>Largest value.</summary>
    public long Maximum { get; } = maximum;
}

/// <summary>Most entries of a list or map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxItemsAttribute(int maximum) : Attribute
{
    /// <summary>Most entries.</summary>
    public int Maximum { get; } = maximum;
}

/// <summary>A list that second writers may touch: merged by these keys.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(params string[] keys) : Attribute
{
    /// <summary>The keys, as in JSON.</summary>
    public IReadOnlyList<string> Keys { get; } = keys;
}

/// <summary>A list without repeats (<c>x-kubernetes-list-type: set</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListSetAttribute : Attribute;

/// <summary>A list that one writer replaces as a whole (<c>x-kubernetes-list-type: atomic</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListAtomicAttribute : Attribute;

/// <summary>An object that is replaced as a whole, never merged field by field (<c>x-kubernetes-map-type: atomic</c>).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AtomicAttribute : Attribute;

/// <summary>The field cannot change once the object is made, nor be set or removed later; a CEL transition rule sees to it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImmutableAttribute(string wayOut) : Attribute
{
    /// <summary>What to do instead; ends the message <c>x cannot change; ...</c>.</summary>
    public string WayOut { get; } = wayOut;
}

/// <summary>A field that <c>--field-selector</c> may name.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SelectableFieldAttribute(string jsonPath) : Attribute
{
    /// <summary>Path below the object, such as <c>.spec.nodeRef.name</c>.</summary>
    public string JsonPath { get; } = jsonPath;
}

/// <summary>The kind has replicas, and with them the <c>scale</c> subresource.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScaleAttribute(string specPath, string statusPath) : Attribute
{
    /// <summary>Path of the wanted count, below <c>.spec</c>.</summary>
    public string SpecPath { get; } = specPath;

    /// <summary>Path of the observed count, below <c>.status</c>.</summary>
    public string StatusPath { get; } = statusPath;

    /// <summary>Path of the label selector as text, for autoscalers; below <c>.status</c> or <c>.spec</c>.</summary>
    public string? SelectorPath { get; init; }
}
