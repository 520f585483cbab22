using System.Text.Json.Serialization;

namespace Sam.Operator.Clients.GitHub.Wire;

/// <summary>The answer to <c>GET /app</c>.</summary>
internal sealed record WireApp(long Id, string? Slug = null, IReadOnlyDictionary<string, string>? Permissions = null);

/// <summary>An installation.</summary>
internal sealed record WireInstallation(
    long Id,
    long AppId,
    WireAccount Account,
    IReadOnlyDictionary<string, string> Permissions,
    DateTimeOffset? SuspendedAt = null
);

/// <summary>The account of an installation; an enterprise has a slug where others have a login.</summary>
internal sealed record WireAccount(string? Login = null, string? Slug = null);

/// <summary>A minted token.</summary>
internal sealed record WireToken(
    string Token,
    DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Permissions,
    string? RepositorySelection = null,
    IReadOnlyList<WireRepository>? Repositories = null
)
{
    // The generated one would print the token.
    public override string ToString() => "a minted token";
}

/// <summary>A repository, as far as we look.</summary>
internal sealed record WireRepository(
    long Id,
    string FullName,
    bool Private,
    string? DefaultBranch = null,
    bool Archived = false
);

/// <summary>A tree.</summary>
internal sealed record WireTree(string Sha, IReadOnlyList<WireTreeEntry> Tree, bool Truncated);

/// <summary>An entry of a tree.</summary>
internal sealed record WireTreeEntry(string Path, string Type, string Sha);

/// <summary>What a token is asked for with.</summary>
internal sealed record MintBody(
    IReadOnlyList<long>? RepositoryIds,
    IReadOnlyList<string>? Repositories,
    IReadOnlyDictionary<string, string> Permissions
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(WireApp))]
[JsonSerializable(typeof(WireInstallation))]
[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireRepository))]
[JsonSerializable(typeof(WireTree))]
[JsonSerializable(typeof(MintBody))]
internal sealed partial class GitHubJson : JsonSerializerContext;
