using System.Collections.Immutable;
using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>What a token is to be for.</summary>
internal sealed record GitHubGrant
{
    /// <summary>What the token is used for, such as <c>tokenSecret/deploy</c>; part of the cache key.</summary>
    public required string Use { get; init; }

    /// <summary>The App that mints.</summary>
    public required GitHubAppKey App { get; init; }

    /// <summary>The App is the platform's own, not the Project's.</summary>
    public bool IsPlatformApp { get; init; }

    /// <summary>The repositories, by name and id; never empty.</summary>
    public required ImmutableArray<RepositoryReference> Repositories { get; init; }

    /// <summary>What it may do there, in GitHub's words; never empty.</summary>
    public required IReadOnlyDictionary<string, string> Permissions { get; init; }

    /// <summary>Longest life; a token that GitHub gives longer is revoked then.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>A repository as the spec names it, with the id it is known by.</summary>
/// <param name="Owner">Owner.</param>
/// <param name="Name">Name.</param>
/// <param name="Id">Id; null if it was never learned.</param>
internal sealed record RepositoryReference(string Owner, string Name, long? Id = null)
{
    /// <summary>Owner and name.</summary>
    public string FullName => $"{Owner}/{Name}";
}
