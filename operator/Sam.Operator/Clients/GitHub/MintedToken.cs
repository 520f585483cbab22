using Sam.Operator.Clients.GitHub.Wire;

namespace Sam.Operator.Clients.GitHub;

/// <summary>Reads a minted token, and compares what was given with what was asked for.</summary>
internal static class MintedToken
{
    private static readonly string[] s_levels = ["read", "write", "admin"];

    public static InstallationToken Read(GitHubReply reply, GitHubRequest request, string appId, long installationId)
    {
        var wire = reply.Read(request, GitHubJson.Default.WireToken);
        try
        {
            return new InstallationToken(wire.Token, appId, installationId, wire.ExpiresAt)
            {
                Lifetime = wire.ExpiresAt - reply.AnsweredAt,
                Permissions = wire.Permissions,
                // Without a list, or with all of them, it is a token for whatever the installation reaches: nobody asked for that.
                Repositories = wire is { RepositorySelection: not "all", Repositories: { } listed }
                    ? [.. listed.Select(WireReading.ToRepository)]
                    : [],
            };
        }
        catch (ArgumentException)
        {
            throw new GitHubException(GitHubErrorKind.Malformed, "GitHub's answer to a mint holds no usable token")
            {
                MayHaveTakenEffect = true,
            };
        }
    }

    /// <summary>What is wrong with a token; null if it is exactly what was asked for.</summary>
    public static GitHubException? Difference(InstallationToken token, GitHubTokenScope scope)
    {
        var lacking = scope.Permissions.Where(asked => Rank(token.Permissions.GetValueOrDefault(asked.Key)) < Rank(asked.Value));
        if (string.Join(", ", lacking.Select(asked => $"{asked.Key}: {asked.Value}")) is { Length: > 0 } missing)
            return new GitHubException(GitHubErrorKind.Forbidden, $"the installation did not give {missing}");
        var wider = token.Permissions.Where(given => Rank(given.Value) > Allowed(scope, given.Key));
        if (string.Join(", ", wider.Select(given => $"{given.Key}: {given.Value}")) is { Length: > 0 } more)
            return Malformed($"GitHub minted a token that may do more than asked for ({more})");
        if (!HasRepositories(token, scope))
            return Malformed("GitHub minted a token for other repositories than asked for");
        return token.Lifetime <= TimeSpan.Zero ? Malformed("GitHub minted a token that has expired already") : null;
    }

    // Metadata comes along with everything.
    private static int Allowed(GitHubTokenScope scope, string permission) =>
        Math.Max(Rank(scope.Permissions.GetValueOrDefault(permission)), permission == "metadata" ? Rank("read") : -1);

    private static int Rank(string? level) =>
        level is null ? -1
        : Array.IndexOf(s_levels, level) is var rank and >= 0 ? rank
        : 99;

    private static bool HasRepositories(InstallationToken token, GitHubTokenScope scope)
    {
        if (scope.RepositoryName is not { } name)
            return scope.RepositoryIds.ToHashSet().SetEquals(token.Repositories.Select(repository => repository.Id));
        return token.Repositories is [var only] && only.FullName.EndsWith($"/{name}", StringComparison.OrdinalIgnoreCase);
    }

    private static GitHubException Malformed(string message) => new(GitHubErrorKind.Malformed, message);
}
