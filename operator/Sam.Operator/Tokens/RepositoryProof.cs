using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>What GitHub says of one repository now, by name and id.</summary>
internal abstract record RepositoryProof
{
    private RepositoryProof() { }

    /// <summary>The App reaches it under this name and this id.</summary>
    /// <param name="Repository">The repository as GitHub shows it.</param>
    /// <param name="Installation">The installation that reaches it.</param>
    /// <param name="Access">What may be read of it with the operator's own token; never handed out.</param>
    public sealed record Proved(GitHubRepository Repository, AppInstallation Installation, IGitHubAccess Access)
        : RepositoryProof;

    /// <summary>It is not, and no token is minted for it.</summary>
    public sealed record Refused(TokenRefusal Reason, string Message) : RepositoryProof;
}

/// <summary>Proves repositories.</summary>
internal interface IRepositoryProofs
{
    /// <summary>
    /// One proof for each reference, in order: policy, the installation by the name, the repository by name and id. What time may mend is thrown.
    /// </summary>
    Task<IReadOnlyList<RepositoryProof>> ProveAsync(
        TokenOwner owner,
        GitHubAppKey app,
        bool isPlatformApp,
        IReadOnlyList<RepositoryReference> references,
        CancellationToken cancellationToken
    );
}
