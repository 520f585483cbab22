using Sam.Runtime.Abstractions;

namespace Sam.Operator.Clients.GitHub;

/// <summary>Every failure of the client: typed where it arose, bounded in size, free of secrets.</summary>
public sealed class GitHubException(GitHubErrorKind kind, string message, int? status = null, Exception? innerException = null)
    : Exception(message, innerException),
        ICategorizedError
{
    /// <summary>The meaning of the failure.</summary>
    public GitHubErrorKind Kind { get; } = kind;

    /// <summary>HTTP status; null if no answer came.</summary>
    public int? Status { get; } = status;

    /// <summary>When the same call is worth trying again, if the answer or our own budget said so.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The pause until <see cref="RetryAt"/>, as it was when the failure arose.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the request may have taken effect although it failed here.</summary>
    public bool MayHaveTakenEffect { get; init; }

    /// <summary>The answer showed that the two clocks differ: worth one more try with what was learned.</summary>
    internal bool ClockWasWrong { get; init; }

    /// <inheritdoc/>
    public ErrorCategory Category =>
        Kind switch
        {
            GitHubErrorKind.AppKeyInvalid or GitHubErrorKind.Unauthorized => ErrorCategory.Unauthorized,
            GitHubErrorKind.Forbidden or GitHubErrorKind.Suspended => ErrorCategory.Unauthorized,
            GitHubErrorKind.RateLimited or GitHubErrorKind.SecondaryRateLimited => ErrorCategory.RateLimited,
            GitHubErrorKind.Validation => ErrorCategory.Invalid,
            GitHubErrorKind.Transient or GitHubErrorKind.NotFound => ErrorCategory.Transient,
            _ => ErrorCategory.Unknown,
        };

    /// <summary>Whether time alone may mend it.</summary>
    public bool MayPass =>
        Kind
            is GitHubErrorKind.RateLimited
                or GitHubErrorKind.SecondaryRateLimited
                or GitHubErrorKind.Transient
                or GitHubErrorKind.Malformed
                or GitHubErrorKind.Unknown;
}
