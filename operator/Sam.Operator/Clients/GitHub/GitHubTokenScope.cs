using System.Collections.Immutable;

namespace Sam.Operator.Clients.GitHub;

/// <summary>
/// What a token may do and where: never empty, always ids, but for the one look-up by name with which the operator learns an id.
/// </summary>
public sealed class GitHubTokenScope : IEquatable<GitHubTokenScope>
{
    private GitHubTokenScope(ImmutableArray<long> ids, string? name, IReadOnlyDictionary<string, string> permissions)
    {
        if (permissions.Count == 0)
            throw new ArgumentException("A token names its permissions.", nameof(permissions));
        RepositoryIds = ids;
        RepositoryName = name;
        Permissions = permissions.ToImmutableSortedDictionary(StringComparer.Ordinal);
        Key =
            $"{(name is null ? string.Join(',', ids) : $"name={name}")};"
            + string.Join(',', Permissions.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    /// <summary>A token for these repositories.</summary>
    public static GitHubTokenScope For(IEnumerable<long> repositoryIds, IReadOnlyDictionary<string, string> permissions) =>
        repositoryIds.Distinct().Order().ToImmutableArray() is { Length: > 0 } ids
            ? new GitHubTokenScope(ids, null, permissions)
            : throw new ArgumentException("A token names its repositories.", nameof(repositoryIds));

    /// <summary>A token with which nothing but the id of a repository can be learned: by name, metadata only.</summary>
    public static GitHubTokenScope ToLearnTheIdOf(string name) =>
        new([], name, ImmutableDictionary<string, string>.Empty.Add("metadata", "read"));

    /// <summary>Ids of the repositories, in order; empty only for a look-up by name.</summary>
    public ImmutableArray<long> RepositoryIds { get; }

    /// <summary>The name (without owner) of a look-up by name.</summary>
    public string? RepositoryName { get; }

    /// <summary>Level by permission, in GitHub's words.</summary>
    public ImmutableSortedDictionary<string, string> Permissions { get; }

    /// <summary>The whole scope as one word: equal for equal scopes only.</summary>
    public string Key { get; }

    /// <inheritdoc/>
    public bool Equals(GitHubTokenScope? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GitHubTokenScope);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
