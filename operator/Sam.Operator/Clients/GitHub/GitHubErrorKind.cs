namespace Sam.Operator.Clients.GitHub;

/// <summary>What a failure means for whoever decides what to do next.</summary>
public enum GitHubErrorKind
{
    /// <summary>Neither the status nor the body is known; treated as transient, shown as it came.</summary>
    Unknown,

    /// <summary>The App's key is refused: not a key of this App, or no such App.</summary>
    AppKeyInvalid,

    /// <summary>The token is refused.</summary>
    Unauthorized,

    /// <summary>Known and not allowed: a permission is missing.</summary>
    Forbidden,

    /// <summary>The installation is suspended.</summary>
    Suspended,

    /// <summary>Not there, or not shown.</summary>
    NotFound,

    /// <summary>The hourly budget is spent until <see cref="GitHubException.RetryAt"/>.</summary>
    RateLimited,

    /// <summary>A secondary limit: nothing of this installation is called until <see cref="GitHubException.RetryAt"/>.</summary>
    SecondaryRateLimited,

    /// <summary>The request as it is will be refused for ever (422).</summary>
    Validation,

    /// <summary>A fault of the way or of the far end that passes by itself.</summary>
    Transient,

    /// <summary>An answer of another shape or scope than asked for.</summary>
    Malformed,
}
