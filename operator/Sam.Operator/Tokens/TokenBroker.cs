using Sam.Operator.Clients.GitHub;
using Sam.Operator.Policy;
using Sam.Rules.Policy;

namespace Sam.Operator.Tokens;

/// <inheritdoc/>
internal sealed class TokenBroker(
    TokenIssuer issuer,
    IRepositoryProofs proofs,
    TokenOwners owners,
    IPlatformPolicies policies,
    TokenAudit audit,
    TimeProvider timeProvider
) : ITokenBroker
{
    private static readonly TimeSpan NextTry = TimeSpan.FromMinutes(1);

    private readonly Flights<bool> _ends = new();

    public async Task<GrantAnswer> GetAsync(TokenOwner owner, GitHubGrant grant, CancellationToken cancellationToken)
    {
        if (Forbidden(owner, grant) is { } why)
        {
            // What was allowed before is not any more, so that it does not live on either.
            await EndAsync(owner, grant.Use, cancellationToken);
            return Refuse(owner, grant, TokenRefusal.PolicyForbids, why);
        }
        if (owners.Find(owner) is null)
            return Refuse(owner, grant, TokenRefusal.OwnerEnded, $"{owner} is gone or going");
        var tokens = await issuer.OpenAsync(owner, cancellationToken);
        var ask = AskOf(grant);
        var kept = tokens.Find(ask, timeProvider.GetUtcNow());
        return kept is not null && timeProvider.GetUtcNow() < kept.RenewAt && !tokens.HasEnded
            ? Granted(kept)
            : await tokens.Asks.ShareAsync(ask, () => IssueAsync(tokens, grant, ask, kept), cancellationToken);
    }

    public Task EndAsync(TokenOwner owner, CancellationToken cancellationToken) =>
        _ends.ShareAsync(owner.Uid, () => EndAllAsync(owner), cancellationToken);

    public Task EndAsync(TokenOwner owner, string use, CancellationToken cancellationToken) =>
        EndOthersAsync(owner, use, kept: "", cancellationToken);

    public async Task EndOthersAsync(TokenOwner owner, string use, string kept, CancellationToken cancellationToken)
    {
        var tokens = await issuer.OpenAsync(owner, cancellationToken);
        foreach (var entry in (tokens.Entries ?? []).Where(entry => entry.Use == use && entry.Secret.Fingerprint != kept))
            await issuer.EndAsync(tokens, entry, cancellationToken);
    }

    /// <summary>Ends what is due of a living owner; when the next one is, or null if it has none.</summary>
    public async Task<TimeSpan?> TidyAsync(TokenOwner owner, CancellationToken cancellationToken)
    {
        var tokens = await issuer.OpenAsync(owner, cancellationToken);
        var now = timeProvider.GetUtcNow();
        foreach (var entry in (tokens.Entries ?? []).Where(entry => entry.EndsAt <= now))
            await issuer.EndAsync(tokens, entry, cancellationToken);
        return tokens.Entries is { Length: > 0 } left ? left.Min(entry => entry.EndsAt) - now : null;
    }

    private async Task<GrantAnswer> IssueAsync(OwnerTokens tokens, GitHubGrant grant, string ask, JournalEntry? kept)
    {
        try
        {
            return await ProveAndMintAsync(tokens, grant, ask);
        }
        catch (GitHubException fault) when (fault.MayPass && kept is not null && kept.IsUsableAt(timeProvider.GetUtcNow()))
        {
            // An outage shorter than half a life is none for those who have a token.
            return new GrantAnswer.Granted(
                new IssuedToken(kept.Secret, kept.EndsAt, timeProvider.GetUtcNow() + (fault.RetryAfter ?? NextTry))
            );
        }
    }

    private async Task<GrantAnswer> ProveAndMintAsync(OwnerTokens tokens, GitHubGrant grant, string ask)
    {
        var owner = tokens.Owner;
        var found = await proofs.ProveAsync(owner, grant.App, grant.IsPlatformApp, grant.Repositories, CancellationToken.None);
        if (found.OfType<RepositoryProof.Refused>().FirstOrDefault() is { } refused)
            return Refuse(owner, grant, refused.Reason, refused.Message);
        var proved = found.Cast<RepositoryProof.Proved>().ToList();
        var installation = proved[0].Installation;
        if (proved.Find(proof => proof.Installation.Id != installation.Id) is { } other)
            return Refuse(
                owner,
                grant,
                TokenRefusal.OtherInstallation,
                $"{other.Repository.FullName} and {proved[0].Repository.FullName} are of different installations, and a token is of one"
            );
        if (PermissionGap.Of(grant.Permissions, installation.Permissions) is { } lacking)
            return Refuse(
                owner,
                grant,
                TokenRefusal.PermissionNotGranted,
                $"The installation on {installation.Account} lacks {lacking}"
            );

        var scope = GitHubTokenScope.For(proved.Select(proof => proof.Repository.Id), grant.Permissions);
        var shown = $"{Words(grant.Permissions)} on {string.Join(", ", proved.Select(proof => proof.Repository.FullName))}";
        var order = new MintOrder(grant.App, installation.Id, scope, grant.Use, ask, grant.Lifetime, shown);
        return await MintAsync(tokens, grant, order);
    }

    private async Task<GrantAnswer> MintAsync(OwnerTokens tokens, GitHubGrant grant, MintOrder order)
    {
        var owner = tokens.Owner;
        try
        {
            var entry = await issuer.MintAsync(tokens, order);
            if (!tokens.HasEnded && owners.Find(owner) is not null)
                return Granted(entry);
            await issuer.EndAsync(tokens, entry, CancellationToken.None);
            return Refuse(owner, grant, TokenRefusal.OwnerEnded, $"{owner} ended while its token was minted");
        }
        catch (GitHubException fault) when (RefusalOf(fault.Kind) is { } reason)
        {
            return Refuse(owner, grant, reason, fault.Message);
        }
    }

    private async Task<bool> EndAllAsync(TokenOwner owner)
    {
        var tokens = await issuer.OpenAsync(owner, CancellationToken.None);
        tokens.End();
        await issuer.EndAllAsync(tokens, CancellationToken.None);
        // What was on its way saw the end, and ended its own token; what it could not end is here again.
        await tokens.Asks.LandAsync(CancellationToken.None);
        await issuer.EndAllAsync(tokens, CancellationToken.None);
        issuer.Close(tokens);
        return true;
    }

    private string? Forbidden(TokenOwner owner, GitHubGrant grant) =>
        grant
            .Repositories.Select(repository =>
                policies.Current.Decide(
                    owner.Namespace,
                    repository.FullName,
                    new PolicyApp(grant.App.AppId, grant.IsPlatformApp),
                    grant.Permissions
                )
            )
            .OfType<PolicyDecision.Forbidden>()
            .FirstOrDefault()
            ?.Why;

    private GrantAnswer.Refused Refuse(TokenOwner owner, GitHubGrant grant, TokenRefusal reason, string why)
    {
        audit.Refused(owner, grant.Use, reason, why);
        return new GrantAnswer.Refused(reason, why);
    }

    private static TokenRefusal? RefusalOf(GitHubErrorKind kind) =>
        kind switch
        {
            GitHubErrorKind.AppKeyInvalid => TokenRefusal.AppKeyInvalid,
            GitHubErrorKind.Suspended => TokenRefusal.RepositoryAccessDenied,
            GitHubErrorKind.Forbidden or GitHubErrorKind.Validation => TokenRefusal.PermissionNotGranted,
            _ => null,
        };

    private static GrantAnswer.Granted Granted(JournalEntry entry) =>
        new(new IssuedToken(entry.Secret, entry.EndsAt, entry.RenewAt));

    // The whole scope: another lifetime, name or permission is another token. The owner is not in it, since every owner has a cache of its own.
    private static string AskOf(GitHubGrant grant) =>
        $"{grant.Use} {grant.App.AppId} {grant.Lifetime.TotalSeconds:0} "
        + string.Join(
            ',',
            grant.Repositories.Select(r => $"{r.FullName.ToLowerInvariant()}#{r.Id}").Order(StringComparer.Ordinal)
        )
        + $" {Words(grant.Permissions)}";

    private static string Words(IReadOnlyDictionary<string, string> permissions) =>
        string.Join(", ", permissions.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}"));
}
