using System.Net;
using Sam.Operator.Clients.GitHub.Wire;

namespace Sam.Operator.Clients.GitHub;

/// <summary>GitHub as one installation token opens it, over HTTP.</summary>
internal sealed class GitHubAccess(GitHubTransport transport, InstallationToken token, GitHubGate gate) : IGitHubAccess
{
    private readonly GitHubCredential _credential = new(token.Reveal(), isApp: false);

    public async Task<RepositoryLookup> FindRepositoryAsync(string owner, string name, CancellationToken cancellationToken)
    {
        var get = GitHubRequest.Get(
            "/repos/{owner}/{repo}",
            $"repos/{GitHubPaths.Escape(owner)}/{GitHubPaths.Escape(name)}",
            [HttpStatusCode.NotFound, .. GitHubPaths.Redirects]
        );
        var reply = await SendAsync(get, cancellationToken);
        if (reply.IsMoved)
            return new RepositoryLookup.Moved(GitHubPaths.RepositoryIdOf(reply.Location));
        return reply.Status == HttpStatusCode.NotFound
            ? new RepositoryLookup.None()
            : new RepositoryLookup.Found(reply.Read(get, GitHubJson.Default.WireRepository).ToRepository());
    }

    public async Task<GitHubRepository?> FindRepositoryAsync(long id, CancellationToken cancellationToken)
    {
        var get = GitHubRequest.Get("/repositories/{id}", $"repositories/{id}", HttpStatusCode.NotFound);
        var reply = await SendAsync(get, cancellationToken);
        return reply.Status == HttpStatusCode.NotFound ? null : reply.Read(get, GitHubJson.Default.WireRepository).ToRepository();
    }

    public async Task<GitTree?> ReadTreeAsync(
        string fullName,
        string reference,
        bool recursive,
        CancellationToken cancellationToken
    )
    {
        var path = string.Join('/', fullName.Split('/').Select(GitHubPaths.Escape));
        var get = GitHubRequest.Get(
            "/repos/{owner}/{repo}/git/trees/{tree_sha}",
            $"repos/{path}/git/trees/{GitHubPaths.Escape(reference)}{(recursive ? "?recursive=1" : "")}",
            HttpStatusCode.NotFound,
            HttpStatusCode.Conflict // a repository without a commit
        );
        var reply = await SendAsync(get, cancellationToken);
        if (reply.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            return null;
        var tree = reply.Read(get, GitHubJson.Default.WireTree);
        return new GitTree(
            tree.Sha,
            [.. tree.Tree.Select(entry => new GitTreeEntry(entry.Path, entry.Type == "tree", entry.Sha))],
            tree.Truncated
        );
    }

    public async Task<RevokeOutcome> RevokeAsync(CancellationToken cancellationToken)
    {
        var delete = new GitHubRequest(HttpMethod.Delete, "/installation/token", "installation/token")
        {
            IsLast = true,
            Accepts = [HttpStatusCode.Unauthorized],
        };
        var reply = await SendAsync(delete, cancellationToken);
        return reply.Status == HttpStatusCode.Unauthorized ? RevokeOutcome.AlreadyDead : RevokeOutcome.Revoked;
    }

    private Task<GitHubReply> SendAsync(GitHubRequest request, CancellationToken cancellationToken) =>
        transport.SendAsync(request, _credential, [gate], cancellationToken);
}
