using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>
/// Removes images that only former releases used from a node. What SAM's releases do not name is never touched; neither is what a container uses
/// (the engine refuses, and is not forced), nor what somebody gave a name by tag.
/// </summary>
internal sealed class ImageTidying(Releases releases, IResourceStore<ComposeApp> apps)
{
    // What runs in progress pull or create from, before any status says so; the last word of an app stays until its next.
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _held = new(StringComparer.Ordinal);

    /// <summary>An app is about to use these images.</summary>
    public void Hold(string uid, IEnumerable<string> images) => _held[uid] = [.. images];

    /// <summary>An app uses none any more.</summary>
    public void LetGo(string uid) => _held.TryRemove(uid, out _);

    /// <summary>Removes what nothing on the node needs; how many went.</summary>
    public async Task<int> TidyAsync(ComposeApp app, IMachineLink link, int goodBefore, CancellationToken cancellationToken)
    {
        var recorded = new List<IReadOnlyCollection<RecordedImages>> { await RecordedAsync(app, cancellationToken) };
        foreach (var other in OthersOn(app))
            recorded.Add(await RecordedAsync(other, cancellationToken));
        var spare = ImageRetention.Spare(recorded, _held.Values.SelectMany(images => images), goodBefore);
        if (spare.IsEmpty)
            return 0;
        var removed = 0;
        foreach (var image in await link.ListImagesAsync(cancellationToken))
        {
            if (!image.Tags.IsEmpty)
                continue;
            // Asked again for each: another app may have begun to use it meanwhile.
            foreach (var reference in spare.Where(reference => IsOf(image, reference) && !IsHeld(reference)))
                removed += await link.RemoveImageAsync(reference, cancellationToken) ? 1 : 0;
        }

        return removed;
    }

    private bool IsHeld(string reference) => _held.Values.Any(images => images.Contains(reference));

    // The engine shortens the names of Docker Hub's images: the repository's end and the digest tell it.
    private static bool IsOf(EngineImage image, string reference) =>
        image.Digests.Any(digest =>
            digest == reference
            || (
                PinnedImage.DigestOf(digest) == PinnedImage.DigestOf(reference)
                && PinnedImage.RepositoryOf(reference).EndsWith(PinnedImage.RepositoryOf(digest), StringComparison.Ordinal)
            )
        );

    private IEnumerable<ComposeApp> OthersOn(ComposeApp app) =>
        apps.List(app.Metadata.NamespaceProperty)
            .Where(other => other.Spec.NodeRef.Name == app.Spec.NodeRef.Name && other.Metadata.Uid != app.Metadata.Uid);

    private async Task<IReadOnlyCollection<RecordedImages>> RecordedAsync(ComposeApp app, CancellationToken cancellationToken)
    {
        var found = new List<RecordedImages>();
        var isLeaving = app.Metadata.DeletionTimestamp is not null;
        foreach (var kept in app.Status.Releases)
        {
            if (await releases.FindAsync(app, kept.Number, cancellationToken) is not { } release)
                continue;
            var isWanted =
                kept.Number == app.Status.AppliedRelease
                || kept.Number == app.Spec.RollbackTo
                || (kept.Number == app.Status.DesiredRelease && kept.Outcome != ReleaseOutcome.Failed);
            found.Add(
                new RecordedImages(
                    kept.Number,
                    kept.Outcome == ReleaseOutcome.Applied && !isLeaving,
                    isWanted && !isLeaving,
                    [.. release.Images.Values]
                )
            );
        }

        return found;
    }
}
