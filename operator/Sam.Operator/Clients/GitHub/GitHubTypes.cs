using System.Collections.Immutable;

namespace Sam.Operator.Clients.GitHub;

/// <summary>An App as GitHub shows it to itself.</summary>
public sealed record GitHubAppFacts(long Id, string Slug, IReadOnlyDictionary<string, string> Permissions);

/// <summary>One App on one account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AppId">The App's.</param>
/// <param name="Account">Where it is installed.</param>
/// <param name="Permissions">What the account granted.</param>
/// <param name="SuspendedAt">Since when it is suspended, if it is.</param>
public sealed record AppInstallation(
    long Id,
    long AppId,
    string Account,
    IReadOnlyDictionary<string, string> Permissions,
    DateTimeOffset? SuspendedAt
);

/// <summary>What came of looking for a repository's installation.</summary>
public abstract record InstallationLookup
{
    private InstallationLookup() { }

    /// <summary>This one reaches it.</summary>
    public sealed record Found(AppInstallation Installation) : InstallationLookup;

    /// <summary>The repository has another name now; whose, GitHub says by id only.</summary>
    public sealed record Moved : InstallationLookup;

    /// <summary>There is no such repository, or the App does not reach it: GitHub does not tell those apart.</summary>
    public sealed record None : InstallationLookup;
}

/// <summary>A repository as GitHub shows it.</summary>
public sealed record GitHubRepository(long Id, string FullName, string DefaultBranch, bool Private)
{
    /// <summary>Read-only for ever.</summary>
    public bool Archived { get; init; }
}

/// <summary>What came of reading a repository by its name.</summary>
public abstract record RepositoryLookup
{
    private RepositoryLookup() { }

    /// <summary>This one answers to the name.</summary>
    public sealed record Found(GitHubRepository Repository) : RepositoryLookup;

    /// <summary>It was renamed or transferred; its id, if the answer said it.</summary>
    public sealed record Moved(long? Id) : RepositoryLookup;

    /// <summary>Not shown to this token.</summary>
    public sealed record None : RepositoryLookup;
}

/// <summary>The files of a commit.</summary>
/// <param name="Sha">Of the tree.</param>
/// <param name="Entries">Files and folders.</param>
/// <param name="Truncated">GitHub left some out.</param>
public sealed record GitTree(string Sha, ImmutableArray<GitTreeEntry> Entries, bool Truncated);

/// <summary>One file or folder of a tree.</summary>
/// <param name="Path">From the root of what was asked for.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Sha">Of its content.</param>
public sealed record GitTreeEntry(string Path, bool IsFolder, string Sha);

/// <summary>What a revocation came to.</summary>
public enum RevokeOutcome
{
    /// <summary>It lived, and does no more.</summary>
    Revoked,

    /// <summary>It was dead already.</summary>
    AlreadyDead,
}
