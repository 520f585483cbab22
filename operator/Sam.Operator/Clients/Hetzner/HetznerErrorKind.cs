namespace Sam.Operator.Clients.Hetzner;

/// <summary>What a failure means for whoever decides what to do next.</summary>
public enum HetznerErrorKind
{
    /// <summary>Neither the code nor the status is known; treated as transient, shown as it came.</summary>
    Unknown,

    /// <summary>This offer cannot be had now; another one may.</summary>
    Capacity,

    /// <summary>The account's limit is reached; nothing of this kind can be had until something is deleted.</summary>
    Quota,

    /// <summary>The request itself is wrong; the same one will be refused for ever.</summary>
    Invalid,

    /// <summary>The token's budget is spent until <see cref="HetznerException.RetryAt"/>.</summary>
    RateLimited,

    /// <summary>The token is unknown, may not do this, or may only read.</summary>
    Unauthorized,

    /// <summary>The object is busy, protected or changed underneath; the same request may pass later.</summary>
    Conflict,

    /// <summary>A fault of the way or of the far end that passes by itself.</summary>
    Transient,

    /// <summary>The object does not exist (any more).</summary>
    NotFound,
}
