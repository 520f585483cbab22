using System.Collections.Immutable;
using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>
/// The operator's own tokens for looking at repositories: journaled like others, handed out to nobody. An id that is not known yet is learned with
/// a token for that one name which may do nothing else and ends at once; all else is by id.
/// </summary>
internal sealed class ReadingTokens(IGitHubApps apps, TokenIssuer issuer, TimeProvider timeProvider)
{
    /// <summary>Use of the token that reads.</summary>
    public const string ReadUse = "read";

    /// <summary>Use of the token that learns an id.</summary>
    public const string LearnUse = "learn";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Reads all by name and id; one proof for each, in order.</summary>
    public async Task<IReadOnlyList<RepositoryProof>> ReadAsync(
        OwnerTokens tokens,
        GitHubAppKey app,
        IReadOnlyList<ReachedRepository> reached,
        CancellationToken cancellationToken
    )
    {
        var ids = new long?[reached.Count];
        var proofs = new RepositoryProof?[reached.Count];
        for (var i = 0; i < reached.Count; i++)
            (ids[i], proofs[i]) = reached[i].Reference.Id is { } known
                ? (known, null)
                : await LearnAsync(tokens, app, reached[i], cancellationToken);

        foreach (
            var group in Enumerable.Range(0, reached.Count).Where(i => proofs[i] is null).GroupBy(i => reached[i].Installation.Id)
        )
        {
            var access = await OpenAsync(tokens, app, reached[group.First()].Installation, [.. group.Select(i => ids[i]!.Value)]);
            foreach (var i in group)
            {
                var own = access ?? await OpenAsync(tokens, app, reached[i].Installation, [ids[i]!.Value]);
                proofs[i] = own is null
                    ? Drifted(reached[i], ids[i])
                    : await ReadOneAsync(own, reached[i], ids[i]!.Value, cancellationToken);
            }
        }
        return [.. proofs.Select(proof => proof!)];
    }

    private async Task<(long? Id, RepositoryProof? Refusal)> LearnAsync(
        OwnerTokens tokens,
        GitHubAppKey app,
        ReachedRepository reached,
        CancellationToken cancellationToken
    )
    {
        var scope = GitHubTokenScope.ToLearnTheIdOf(reached.Reference.Name);
        var order = new MintOrder(
            app,
            reached.Installation.Id,
            scope,
            LearnUse,
            scope.Key,
            Lifetime,
            $"the id of {reached.Reference.FullName}"
        );
        try
        {
            var entry = await issuer.MintAsync(tokens, order);
            await issuer.EndAsync(tokens, entry, cancellationToken);
            return (entry.Secret.Repositories[0].Id, null);
        }
        catch (GitHubException fault) when (fault.Kind == GitHubErrorKind.Validation)
        {
            return (null, new RepositoryProof.Refused(TokenRefusal.RepositoryNotFound, fault.Message));
        }
    }

    // Null if GitHub does not give a token for these ids.
    private async Task<ReadAccess?> OpenAsync(
        OwnerTokens tokens,
        GitHubAppKey app,
        AppInstallation installation,
        ImmutableArray<long> ids
    )
    {
        var scope = GitHubTokenScope.For(ids, Permissions(installation));
        var ask = $"{app.AppId}/{installation.Id}/{scope.Key}";
        // Used until it ends: nobody else has it, so that half of its life is no reason for another one.
        if (tokens.Find($"{ReadUse} {ask}", timeProvider.GetUtcNow()) is { } kept)
            return new ReadAccess(tokens, kept);
        var shown = $"read {ids.Length} repositories";
        try
        {
            return new ReadAccess(
                tokens,
                await issuer.MintAsync(
                    tokens,
                    new MintOrder(app, installation.Id, scope, ReadUse, $"{ReadUse} {ask}", Lifetime, shown)
                )
            );
        }
        catch (GitHubException fault) when (fault.Kind == GitHubErrorKind.Validation)
        {
            return null;
        }
    }

    private async Task<RepositoryProof> ReadOneAsync(
        ReadAccess access,
        ReachedRepository reached,
        long id,
        CancellationToken cancellationToken
    )
    {
        var reference = reached.Reference;
        var github = apps.With(access.Entry.Secret);
        try
        {
            return await github.FindRepositoryAsync(reference.Owner, reference.Name, cancellationToken) switch
            {
                RepositoryLookup.Found(var repository) => Judge(repository, reached, id, github),
                RepositoryLookup.Moved(_) => await RenamedAsync(github, reference, id, cancellationToken),
                RepositoryLookup.None => await RenamedAsync(github, reference, id, cancellationToken),
                var other => throw new InvalidOperationException($"Unhandled lookup {other}"),
            };
        }
        catch (GitHubException fault) when (fault.Kind == GitHubErrorKind.Unauthorized)
        {
            // Somebody revoked it, or GitHub does not know it everywhere yet: the next try takes another one.
            await issuer.EndAsync(access.Tokens, access.Entry, cancellationToken);
            throw new GitHubException(GitHubErrorKind.Transient, fault.Message, fault.Status);
        }
    }

    private static RepositoryProof Judge(GitHubRepository repository, ReachedRepository reached, long id, IGitHubAccess github)
    {
        var name = reached.Reference.FullName;
        if (repository.Id != id)
            return new RepositoryProof.Refused(
                TokenRefusal.RepositoryIdChanged,
                $"{name} has id {repository.Id} now; the Project is for id {id}"
            );
        // GitHub's names do not tell case apart.
        return string.Equals(repository.FullName, name, StringComparison.OrdinalIgnoreCase)
            ? new RepositoryProof.Proved(repository, reached.Installation, github)
            : Renamed(name, repository.FullName);
    }

    private static async Task<RepositoryProof> RenamedAsync(
        IGitHubAccess github,
        RepositoryReference reference,
        long id,
        CancellationToken cancellationToken
    ) =>
        await github.FindRepositoryAsync(id, cancellationToken) is { } elsewhere
            ? Renamed(reference.FullName, elsewhere.FullName)
            : new RepositoryProof.Refused(
                TokenRefusal.RepositoryAccessDenied,
                $"GitHub shows the App's installation no {reference.FullName} (any more)"
            );

    private static RepositoryProof Renamed(string from, string to) =>
        new RepositoryProof.Refused(TokenRefusal.RepositoryRenamed, $"{from} is {to} now");

    // The name is reached, the id is not: the name is another repository's.
    private static RepositoryProof Drifted(ReachedRepository reached, long? id) =>
        new RepositoryProof.Refused(
            TokenRefusal.RepositoryIdChanged,
            $"{reached.Reference.FullName} is another repository now; the installation does not show id {id}"
        );

    // Trees need contents, where the account granted it.
    private static Dictionary<string, string> Permissions(AppInstallation installation) =>
        installation.Permissions.ContainsKey("contents")
            ? new Dictionary<string, string> { ["metadata"] = "read", ["contents"] = "read" }
            : new Dictionary<string, string> { ["metadata"] = "read" };

    private sealed record ReadAccess(OwnerTokens Tokens, JournalEntry Entry);
}

/// <summary>A repository that an installation reaches by its name.</summary>
internal sealed record ReachedRepository(RepositoryReference Reference, AppInstallation Installation);
