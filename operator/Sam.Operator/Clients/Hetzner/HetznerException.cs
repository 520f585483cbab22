using Sam.Runtime.Abstractions;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>Every failure of the client: typed where it arose, bounded in size, free of secrets.</summary>
public sealed class HetznerException(
    HetznerErrorKind kind,
    string code,
    int? status,
    string message,
    DateTimeOffset? retryAt = null,
    Exception? innerException = null,
    DateTimeOffset? now = null
) : Exception(message, innerException), ICategorizedError
{
    /// <inheritdoc/>
    public ErrorCategory Category =>
        Kind switch
        {
            HetznerErrorKind.Capacity => ErrorCategory.Capacity,
            HetznerErrorKind.Quota => ErrorCategory.Quota,
            HetznerErrorKind.Invalid => ErrorCategory.Invalid,
            HetznerErrorKind.RateLimited => ErrorCategory.RateLimited,
            HetznerErrorKind.Unauthorized => ErrorCategory.Unauthorized,
            HetznerErrorKind.Conflict or HetznerErrorKind.Transient or HetznerErrorKind.NotFound => ErrorCategory.Transient,
            _ => ErrorCategory.Unknown,
        };

    /// <summary>The pause until <see cref="RetryAt"/>, as it was when the answer came.</summary>
    public TimeSpan? RetryAfter { get; } =
        retryAt is { } at && now is { } asked ? TimeSpan.FromTicks(Math.Max(0, (at - asked).Ticks)) : null;

    /// <summary>The meaning of the failure.</summary>
    public HetznerErrorKind Kind { get; } = kind;

    /// <summary>Hetzner's own code, or one of <see cref="HetznerCodes"/>' client-side ones (`client_*`).</summary>
    public string Code { get; } = code;

    /// <summary>HTTP status; null if no answer came.</summary>
    public int? Status { get; } = status;

    /// <summary>When the same call is worth trying again, if the answer said so.</summary>
    public DateTimeOffset? RetryAt { get; } = retryAt;

    /// <summary>What is wrong with which field, if the API said so (`name: is too long`).</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>True if the request may have taken effect although it failed here: look up before trying again.</summary>
    public bool MayHaveTakenEffect { get; init; }
}
