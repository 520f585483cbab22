using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>A Secret that SAM keeps fresh with a short-lived token; it goes with the entry, and the token is revoked.</summary>
[Rule("self.kind != 'RegistryPullSecret' || has(self.registry)", "a RegistryPullSecret needs registry")]
[Rule("self.kind == 'RegistryPullSecret' || !has(self.registry)", "registry is for a RegistryPullSecret")]
[Rule(
    "duration(self.lifetime) >= duration('2m') && duration(self.lifetime) <= duration('1h')",
    "lifetime must be between 2m and 1h"
)]
public sealed record TokenSecretSpec
{
    /// <summary>Name of the Secret; one that exists and is not SAM's is never touched.</summary>
    [Required, Length(1, 253), Pattern("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
    public string Name { get; set; } = "";

    /// <summary>What the Secret holds.</summary>
    [Required]
    public TokenSecretKind Kind { get; set; }

    /// <summary>Full names of the repositories that the token may reach, such as <c>acme/shop</c>; left out, the Project's own.</summary>
    [ListSet, MaxItems(20), Length(3, 255), Pattern("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$")]
    public IList<string>? Repositories { get; set; }

    /// <summary>What a GitHubToken may do there, in GitHub's words, such as <c>contents: read</c>; left out, <c>contents: read</c>.</summary>
    [MaxItems(30), Length(4, 5), Pattern("^(read|write|admin)$")]
    public IDictionary<string, string>? Permissions { get; set; }

    /// <summary>Longest life of a token, 2m to 1h; it is renewed at half of it.</summary>
    [Default("1h")]
    public Duration Lifetime { get; set; } = new(TimeSpan.FromHours(1));

    /// <summary>Which keys a GitHubToken has beside <c>token</c> and <c>expiresAt</c>.</summary>
    [Default("Token")]
    public TokenSecretForm Form { get; set; }

    /// <summary>Host of the registry of a RegistryPullSecret, with its port if it has one; the login is sent to it alone.</summary>
    [Length(1, 253), Pattern("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$")]
    public string? Registry { get; set; }
}

/// <summary>What a token Secret holds.</summary>
public enum TokenSecretKind
{
    /// <summary>An installation token of GitHub.</summary>
    GitHubToken,

    /// <summary>A login for a registry, as <c>kubernetes.io/dockerconfigjson</c>.</summary>
    RegistryPullSecret,
}

/// <summary>Which form a GitHub token is offered in.</summary>
public enum TokenSecretForm
{
    /// <summary>Keys <c>token</c> and <c>expiresAt</c> only.</summary>
    Token,

    /// <summary>Also a key <c>.git-credentials</c> for Git's store helper.</summary>
    GitCredentials,

    /// <summary>Also a key <c>.netrc</c>.</summary>
    NetRc,
}

/// <summary>A token Secret as it stands.</summary>
public sealed record TokenSecretStatus
{
    /// <summary>Name of the Secret.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>What the Secret holds.</summary>
    public TokenSecretKind Kind { get; set; }

    /// <summary>When the token in it ends (RFC 3339).</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it is renewed (RFC 3339).</summary>
    public DateTimeOffset? RenewAt { get; set; }

    /// <summary>What the token reaches, by full names.</summary>
    [ListAtomic, MaxItems(21)]
    public IList<string>? Repositories { get; set; }

    /// <summary>What the token may do there.</summary>
    [MaxItems(50)]
    public IDictionary<string, string>? Permissions { get; set; }

    /// <summary>Why there is no fresh token, in one word.</summary>
    public string? Reason { get; set; }

    /// <summary>Why there is no fresh token, in one sentence.</summary>
    public string? Message { get; set; }
}
