using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Cel;

namespace Sam.DevCluster.Schemas;

/// <summary>A structural schema, read once and then shared by validation, defaulting, pruning, patches and managed fields.</summary>
internal sealed record Schema
{
    public static readonly Schema Anything = new() { PreserveUnknown = true };

    public required JsonObject Source { get; init; } = [];

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public Schema() => Source = [];

    public string? Type { get; init; }

    public string? Format { get; init; }

    public bool Nullable { get; init; }

    public JsonNode? Default { get; init; }

    public IReadOnlyDictionary<string, Schema> Properties { get; init; } = new Dictionary<string, Schema>();

    public Schema? Items { get; init; }

    /// <summary>The schema of map values; null when the object is no map.</summary>
    public Schema? Values { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<JsonNode?>? Enum { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public string? PatternText { get; init; }

    public Regex? Pattern { get; init; }

    public IReadOnlyList<Schema> AllOf { get; init; } = [];

    public IReadOnlyList<Schema> AnyOf { get; init; } = [];

    public IReadOnlyList<Schema> OneOf { get; init; } = [];

    public Schema? Not { get; init; }

    public bool PreserveUnknown { get; init; }

    public bool IntOrString { get; init; }

    public bool EmbeddedResource { get; init; }

    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    public string? MapType { get; init; }

    /// <summary>The merge key of strategic merge patches (built-in kinds only).</summary>
    public string? PatchMergeKey { get; init; }

    public string? PatchStrategy { get; init; }

    /// <summary>A struct in the real server's types: always there, even when nobody has written it (built-in kinds only).</summary>
    public bool IsStruct { get; init; }

    public IReadOnlyList<CelRule> Rules { get; init; } = [];

    public bool IsObject => Type == "object";

    public bool IsArray => Type == "array";

    /// <summary>The schema of a property or map value; null when the name is unknown here.</summary>
    public Schema? Of(string name) =>
        Properties.TryGetValue(name, out var known) ? known : Values ?? (PreserveUnknown ? Anything : null);
}
