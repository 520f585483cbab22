using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>One recorded release and what it needs of a node's disk.</summary>
/// <param name="Number">Its number within its app.</param>
/// <param name="IsGood">It was applied once, so that a rollback may want it.</param>
/// <param name="IsWanted">It serves, is on its way, or is named to roll back to.</param>
/// <param name="Images">References by digest.</param>
public sealed record RecordedImages(long Number, bool IsGood, bool IsWanted, ImmutableArray<string> Images);

/// <summary>Which images of a node's former releases nothing needs any more. Knows only what releases recorded: no other image is ever named.</summary>
public static class ImageRetention
{
    /// <summary>How many good releases before the one that serves keep their images, so that a rollback needs no registry.</summary>
    public const int GoodBefore = 2;

    /// <summary>The same while the disk fills: with the one that serves the last two good ones are there still.</summary>
    public const int GoodBeforeWhileFull = 1;

    /// <summary>The images that may go.</summary>
    /// <param name="apps">Every app on the node, with all its releases; one that is being deleted wants none.</param>
    /// <param name="held">Images that are in use whatever releases say.</param>
    /// <param name="goodBefore">How many good releases keep their images besides those that are wanted.</param>
    public static ImmutableSortedSet<string> Spare(
        IEnumerable<IReadOnlyCollection<RecordedImages>> apps,
        IEnumerable<string> held,
        int goodBefore
    )
    {
        var (recorded, needed) = (new HashSet<string>(StringComparer.Ordinal), held.ToHashSet(StringComparer.Ordinal));
        foreach (var releases in apps)
        {
            var kept = releases
                .Where(release => release is { IsGood: true, IsWanted: false })
                .OrderByDescending(release => release.Number)
                .Take(goodBefore)
                .Concat(releases.Where(release => release.IsWanted));
            recorded.UnionWith(releases.SelectMany(release => release.Images));
            needed.UnionWith(kept.SelectMany(release => release.Images));
        }

        return [.. recorded.Except(needed, StringComparer.Ordinal)];
    }
}
