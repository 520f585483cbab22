namespace Sam.Simulators.GitHub;

/// <summary>One token that was minted: what was asked, what was given, and when it ended.</summary>
public sealed record SimulatedMint
{
    /// <summary>The token itself.</summary>
    public required string Token { get; init; }

    /// <summary>The App that asked.</summary>
    public required long AppId { get; init; }

    /// <summary>The installation it is of.</summary>
    public required long InstallationId { get; init; }

    /// <summary>`repository_ids` of the request; null if it named none.</summary>
    public IReadOnlyList<long>? AskedRepositoryIds { get; init; }

    /// <summary>`repositories` of the request; null if it named none.</summary>
    public IReadOnlyList<string>? AskedRepositories { get; init; }

    /// <summary>`permissions` of the request; null if it named none.</summary>
    public IReadOnlyDictionary<string, string>? AskedPermissions { get; init; }

    /// <summary>The repositories it reaches; null is all of the installation.</summary>
    public IReadOnlyList<long>? RepositoryIds { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyDictionary<string, string> Permissions { get; init; }

    /// <summary>When it was minted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was ended, if it was.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Who ended it: `revoked` is its holder.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>Whether the request named repositories by id and permissions, both not empty.</summary>
    public bool IsExplicit => AskedRepositoryIds is { Count: > 0 } && AskedPermissions is { Count: > 0 };

    /// <summary>Whether it works at a moment.</summary>
    public bool IsLiveAt(DateTimeOffset moment) => RevokedAt is null && moment < ExpiresAt;

    /// <summary>Everything but the token, so that a failed assertion shows none.</summary>
    public override string ToString() =>
        $"mint of installation {InstallationId} for [{string.Join(", ", RepositoryIds ?? [])}] "
        + $"[{string.Join(", ", Permissions.Select(pair => $"{pair.Key}: {pair.Value}"))}] at {At:O} until {RevokedAt ?? ExpiresAt:O}";
}

/// <summary>One call that was answered, or not.</summary>
public sealed record SimulatedCall(
    DateTimeOffset At,
    string Method,
    string Path,
    string Route,
    int Status,
    long? AppId,
    long? InstallationId
)
{
    /// <summary>The fault that made the answer, if one did.</summary>
    public string? Fault { get; init; }
}
