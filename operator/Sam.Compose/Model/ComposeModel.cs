using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sam.Compose.Rendering;

namespace Sam.Compose.Model;

/// <summary>One Compose app as SAM runs it: interpolated, checked, nothing left to ask; equal when the canonical JSON is equal.</summary>
public sealed record ComposeModel
{
    /// <summary>The services by name, in ordinal order.</summary>
    public ImmutableSortedDictionary<string, ComposeService> Services { get; init; } = Ordinal.Empty<ComposeService>();

    /// <summary>The named volumes declared at the top level, in ordinal order.</summary>
    public ImmutableSortedSet<string> Volumes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The networks declared at the top level; null: none. Services that name none share `default`.</summary>
    public ImmutableSortedDictionary<string, ComposeNetwork>? Networks { get; init; }

    /// <summary>The configs declared at the top level; null: none.</summary>
    public ImmutableSortedDictionary<string, FileSource>? Configs { get; init; }

    /// <summary>The secrets declared at the top level; null: none.</summary>
    public ImmutableSortedDictionary<string, FileSource>? Secrets { get; init; }

    /// <summary>What is only shown; null on a model read back from a release.</summary>
    [JsonIgnore]
    public Written? Written { get; init; }

    public bool Equals(ComposeModel? other) => other is not null && ModelJson.Render(this) == ModelJson.Render(other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ModelJson.Render(this));
}

/// <summary>Sorted dictionaries whose order never depends on a culture.</summary>
public static class Ordinal
{
    /// <summary>An empty dictionary with ordinal key order.</summary>
    public static ImmutableSortedDictionary<string, T> Empty<T>() =>
        ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>The same entries with ordinal key order.</summary>
    public static ImmutableSortedDictionary<string, T> Sort<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        entries.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
