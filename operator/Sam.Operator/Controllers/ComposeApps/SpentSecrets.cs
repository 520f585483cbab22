using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Leaves nothing in the node's memory of secrets that no kept release uses.</summary>
internal sealed class SpentSecrets(Releases releases)
{
    /// <summary>Empties what only these releases use; a node that is not there has nothing.</summary>
    public async Task EmptyAsync(
        ComposeAppContext context,
        IReadOnlyCollection<ReleaseStatus> gone,
        CancellationToken cancellationToken
    )
    {
        if (context.Link is not { } link || gone.Count == 0)
            return;
        var spent = await OfAsync(context, gone, cancellationToken);
        if (spent.Count == 0)
            return;
        var kept = await OfAsync(context, [.. context.App.Status.Releases.Except(gone)], cancellationToken);
        foreach (var file in spent.Values.Where(file => !kept.ContainsKey(file.Name)))
            await NodeFiles.EmptyAsync(link, file, cancellationToken);
    }

    private async Task<Dictionary<string, FileContent>> OfAsync(
        ComposeAppContext context,
        IReadOnlyCollection<ReleaseStatus> of,
        CancellationToken cancellationToken
    )
    {
        var files = new Dictionary<string, FileContent>(StringComparer.Ordinal);
        foreach (var number in of.Select(release => release.Number))
        {
            if (await releases.FindAsync(context.App, number, cancellationToken) is not { Files: not null } release)
                continue;
            foreach (
                var file in DesiredRelease
                    .Resolve(context.App.Metadata.Uid, number, release)
                    .Files.Values.Where(file => file.InMemory)
            )
                files[file.Name] = file;
        }

        return files;
    }
}
