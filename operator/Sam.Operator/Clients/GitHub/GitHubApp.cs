using System.Net;
using Sam.Operator.Clients.GitHub.Wire;

namespace Sam.Operator.Clients.GitHub;

/// <summary>GitHub as one App over HTTP.</summary>
internal sealed class GitHubApp(GitHubTransport transport, GitHubAppKey key, GitHubGates gates, IGitHubApps apps) : IGitHubApp
{
    public async Task<GitHubAppFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var get = GitHubRequest.Get("/app", "app");
        var app = (await SendAsync(get, [gates.OfApp(key.AppId)], cancellationToken)).Read(get, GitHubJson.Default.WireApp);
        return new GitHubAppFacts(app.Id, app.Slug ?? "", app.Permissions ?? new Dictionary<string, string>());
    }

    public async Task<InstallationLookup> FindInstallationAsync(string owner, string name, CancellationToken cancellationToken)
    {
        var get = GitHubRequest.Get(
            "/repos/{owner}/{repo}/installation",
            $"repos/{GitHubPaths.Escape(owner)}/{GitHubPaths.Escape(name)}/installation",
            [HttpStatusCode.NotFound, .. GitHubPaths.Redirects]
        );
        var reply = await SendAsync(get, [gates.OfApp(key.AppId)], cancellationToken);
        if (reply.IsMoved)
            return new InstallationLookup.Moved();
        RefuseUnknownApp(get, reply);
        return reply.Status == HttpStatusCode.NotFound
            ? new InstallationLookup.None()
            : new InstallationLookup.Found(reply.Read(get, GitHubJson.Default.WireInstallation).ToInstallation());
    }

    public async Task<AppInstallation?> FindInstallationAsync(string account, CancellationToken cancellationToken)
    {
        var get = GitHubRequest.Get(
            "/users/{username}/installation",
            $"users/{GitHubPaths.Escape(account)}/installation",
            HttpStatusCode.NotFound
        );
        var reply = await SendAsync(get, [gates.OfApp(key.AppId)], cancellationToken);
        RefuseUnknownApp(get, reply);
        return reply.Status == HttpStatusCode.NotFound
            ? null
            : reply.Read(get, GitHubJson.Default.WireInstallation).ToInstallation();
    }

    public async Task<InstallationToken> MintAsync(
        long installationId,
        GitHubTokenScope scope,
        CancellationToken cancellationToken
    )
    {
        var body = new MintBody(
            scope.RepositoryName is null ? scope.RepositoryIds : null,
            scope.RepositoryName is { } name ? [name] : null,
            scope.Permissions
        );
        var post = GitHubRequest.Post(
            "/app/installations/{installation_id}/access_tokens",
            $"app/installations/{installationId}/access_tokens",
            body,
            GitHubJson.Default.MintBody
        );
        var reply = await SendAsync(
            post,
            [gates.OfApp(key.AppId), gates.OfInstallation(key.AppId, installationId)],
            cancellationToken
        );
        var minted = MintedToken.Read(reply, post, key.AppId, installationId);
        if (MintedToken.Difference(minted, scope) is not { } difference)
            return minted;
        throw await RevokeAsync(minted, difference, cancellationToken);
    }

    private async Task<GitHubException> RevokeAsync(
        InstallationToken wrong,
        GitHubException difference,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await apps.With(wrong).RevokeAsync(cancellationToken);
            return difference;
        }
        catch (GitHubException fault)
        {
            return new GitHubException(difference.Kind, $"{difference.Message} (not revoked: {fault.Message})")
            {
                MayHaveTakenEffect = true,
            };
        }
    }

    // Twice at most: the first refusal may only have taught us what time it is.
    private async Task<GitHubReply> SendAsync(
        GitHubRequest request,
        IReadOnlyList<GitHubGate> through,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await transport.SendAsync(request, Jwt(), through, cancellationToken);
        }
        catch (GitHubException fault) when (fault is { Kind: GitHubErrorKind.AppKeyInvalid, ClockWasWrong: true })
        {
            return await transport.SendAsync(request, Jwt(), through, cancellationToken);
        }
    }

    private GitHubCredential Jwt() => new(key.SignJwt(transport.Clock.Theirs), isApp: true);

    private static void RefuseUnknownApp(GitHubRequest request, GitHubReply reply)
    {
        var error = GitHubErrors.Read(reply.Body);
        if (reply.Status == HttpStatusCode.NotFound && error.Says("Integration not found"))
            throw new GitHubException(
                GitHubErrorKind.AppKeyInvalid,
                $"GitHub answered 404 to {request.Method} {request.Route}: {error.Message}",
                (int)reply.Status
            );
    }
}
