using System.Collections.Immutable;
using Sam.Compose.Rendering;

namespace Sam.Compose.Model;

/// <summary>One Compose app as SAM runs it: interpolated, checked, nothing left to ask; equal when the canonical JSON is equal.</summary>
public sealed record ComposeModel
{
    /// <summary>The services by name, in ordinal order.</summary>
    public ImmutableSortedDictionary<string, ComposeService> Services { get; init; } = Ordinal.Empty<ComposeService>();

    /// <summary>The named volumes declared at the top level, in ordinal order.</summary>
    public ImmutableSortedSet<string> Volumes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

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
