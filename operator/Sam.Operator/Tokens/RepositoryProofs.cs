using Sam.Operator.Clients.GitHub;
using Sam.Operator.Policy;
using Sam.Rules.Policy;

namespace Sam.Operator.Tokens;

/// <inheritdoc/>
internal sealed class RepositoryProofs(IGitHubApps apps, TokenIssuer issuer, ReadingTokens reading, IPlatformPolicies policies)
    : IRepositoryProofs
{
    private static readonly Dictionary<string, string> s_metadata = new() { ["metadata"] = "read" };

    public async Task<IReadOnlyList<RepositoryProof>> ProveAsync(
        TokenOwner owner,
        GitHubAppKey app,
        bool isPlatformApp,
        IReadOnlyList<RepositoryReference> references,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var tokens = await issuer.OpenAsync(owner, cancellationToken);
            // What could not be reached is settled; the rest is read together, with one token.
            var settled = new RepositoryProof?[references.Count];
            var found = new List<ReachedRepository>();
            for (var i = 0; i < references.Count; i++)
            {
                var reference = references[i];
                var decision = policies.Current.Decide(
                    owner.Namespace,
                    reference.FullName,
                    new PolicyApp(app.AppId, isPlatformApp),
                    s_metadata
                );
                settled[i] = decision is PolicyDecision.Forbidden(var why)
                    ? new RepositoryProof.Refused(TokenRefusal.PolicyForbids, why)
                    : await LookAsync(apps.For(app), reference, found, cancellationToken);
            }
            var read = await reading.ReadAsync(tokens, app, found, cancellationToken);
            var next = 0;
            return [.. settled.Select(proof => proof ?? read[next++])];
        }
        catch (GitHubException fault) when (fault.Kind == GitHubErrorKind.AppKeyInvalid)
        {
            return [.. references.Select(_ => new RepositoryProof.Refused(TokenRefusal.AppKeyInvalid, fault.Message))];
        }
    }

    // By the App's own JWT: this needs no token, so that nothing is minted for what cannot be reached.
    private static async Task<RepositoryProof?> LookAsync(
        IGitHubApp app,
        RepositoryReference reference,
        List<ReachedRepository> found,
        CancellationToken cancellationToken
    )
    {
        switch (await app.FindInstallationAsync(reference.Owner, reference.Name, cancellationToken))
        {
            case InstallationLookup.Found({ SuspendedAt: { } since }):
                return Refused(
                    TokenRefusal.RepositoryAccessDenied,
                    $"The installation on {reference.Owner} is suspended since {since:u}"
                );
            case InstallationLookup.Found(var installation):
                found.Add(new ReachedRepository(reference, installation));
                return null;
            case InstallationLookup.Moved:
                return Refused(TokenRefusal.RepositoryRenamed, $"{reference.FullName} was renamed or transferred");
            case InstallationLookup.None:
                return await MissingAsync(app, reference, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unhandled lookup {other}");
        }
    }

    private static async Task<RepositoryProof> MissingAsync(
        IGitHubApp app,
        RepositoryReference reference,
        CancellationToken cancellationToken
    ) =>
        await app.FindInstallationAsync(reference.Owner, cancellationToken) is null
            ? Refused(TokenRefusal.AppNotInstalled, $"The App is not installed on {reference.Owner}")
        : reference.Id is null
            ? Refused(TokenRefusal.RepositoryNotFound, $"The App's installation on {reference.Owner} shows no {reference.Name}")
        : Refused(
            TokenRefusal.RepositoryAccessDenied,
            $"The App's installation on {reference.Owner} does not include {reference.Name} (any more), or it was transferred or deleted"
        );

    private static RepositoryProof Refused(TokenRefusal reason, string message) => new RepositoryProof.Refused(reason, message);
}
