using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Parsing;

/// <summary>What the top level declares for services to use.</summary>
internal sealed record Declared
{
    public ImmutableSortedSet<string> Volumes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, ComposeNetwork> Networks { get; init; } = Ordinal.Empty<ComposeNetwork>();

    public ImmutableSortedDictionary<string, FileSource> Configs { get; init; } = Ordinal.Empty<FileSource>();

    public ImmutableSortedDictionary<string, FileSource> Secrets { get; init; } = Ordinal.Empty<FileSource>();

    /// <summary>Services that run: those that no profile leaves out.</summary>
    public ImmutableHashSet<string> Services { get; init; } = [];
}
