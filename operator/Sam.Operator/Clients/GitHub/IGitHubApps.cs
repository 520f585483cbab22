namespace Sam.Operator.Clients.GitHub;

/// <summary>Hands out the way to GitHub of each App, and of each token; whoever uses the same App or installation shares its limits.</summary>
public interface IGitHubApps
{
    /// <summary>GitHub as this App: installations and mints.</summary>
    IGitHubApp For(GitHubAppKey key);

    /// <summary>GitHub as an installation token opens it: repositories, trees, and the token's own end.</summary>
    IGitHubAccess With(InstallationToken token);
}

/// <summary>
/// GitHub as one App, by its signed JWT. Failures are <see cref="GitHubException"/>; only the caller's own cancellation is an
/// <see cref="OperationCanceledException"/>.
/// </summary>
public interface IGitHubApp
{
    /// <summary>Proves the key with one cheap read (<c>GET /app</c>); a refused key throws <see cref="GitHubErrorKind.AppKeyInvalid"/>.</summary>
    Task<GitHubAppFacts> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Finds the installation that reaches a repository of this name, in one call.</summary>
    Task<InstallationLookup> FindInstallationAsync(string owner, string name, CancellationToken cancellationToken);

    /// <summary>Finds the installation on an account, whatever it reaches there; null if there is none.</summary>
    Task<AppInstallation?> FindInstallationAsync(string account, CancellationToken cancellationToken);

    /// <summary>
    /// Mints a token for exactly this scope. An answer of another scope is revoked and thrown as <see cref="GitHubErrorKind.Malformed"/>. An exception
    /// with <see cref="GitHubException.MayHaveTakenEffect"/> means that a token may live for an hour that nobody knows.
    /// </summary>
    Task<InstallationToken> MintAsync(long installationId, GitHubTokenScope scope, CancellationToken cancellationToken);
}

/// <summary>GitHub as one installation token opens it.</summary>
public interface IGitHubAccess
{
    /// <summary>Reads a repository by its name: found, moved, or not shown to this token.</summary>
    Task<RepositoryLookup> FindRepositoryAsync(string owner, string name, CancellationToken cancellationToken);

    /// <summary>Reads a repository by its id; null if it is not shown to this token.</summary>
    Task<GitHubRepository?> FindRepositoryAsync(long id, CancellationToken cancellationToken);

    /// <summary>Lists the files of a branch or commit, whole or as much of it as GitHub gives; null if there is no such (or an empty) one.</summary>
    Task<GitTree?> ReadTreeAsync(string fullName, string reference, bool recursive, CancellationToken cancellationToken);

    /// <summary>Ends the token. One that is dead already is a success.</summary>
    Task<RevokeOutcome> RevokeAsync(CancellationToken cancellationToken);
}
