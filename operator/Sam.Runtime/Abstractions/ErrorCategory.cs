namespace Sam.Runtime.Abstractions;

/// <summary>Where a fault belongs: decided where it arises, by code and never by message, and kept to where the decision is made.</summary>
public enum ErrorCategory
{
    /// <summary>Nobody classified it; retried with back-off.</summary>
    Unknown,

    /// <summary>Time may mend it: timeouts, 5xx, lost connections.</summary>
    Transient,

    /// <summary>Too many calls; the fault may say when to come back.</summary>
    RateLimited,

    /// <summary>The credential is refused; mends when the credential changes.</summary>
    Unauthorized,

    /// <summary>The request can never succeed as it is.</summary>
    Invalid,

    /// <summary>The provider has none of what was asked for now.</summary>
    Capacity,

    /// <summary>An account limit is reached.</summary>
    Quota,
}

/// <summary>A fault of an outside system that carries its category.</summary>
public interface ICategorizedError
{
    /// <summary>Where the fault belongs.</summary>
    ErrorCategory Category { get; }

    /// <summary>When the system asked to be called again, if it did.</summary>
    TimeSpan? RetryAfter { get; }
}
