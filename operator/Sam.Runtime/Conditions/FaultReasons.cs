using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Conditions;

/// <summary>The reasons with which any condition can be Unknown, and the names of faults by their category.</summary>
public static class FaultReasons
{
    /// <summary>The step was not reached yet.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Every reason of a condition that is Unknown since its step did not run or failed, with its meaning.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>
        {
            [Waiting] = "An earlier step has to finish first.",
            [Of(ErrorCategory.Transient)] = "An outside system did not answer as it should; tried again with back-off.",
            [Of(ErrorCategory.RateLimited)] = "An outside system asked to be called less often; tried again when it said.",
            [Of(ErrorCategory.Unauthorized)] =
                "An outside system refused the credential; renew the credential or its permissions.",
            [Of(ErrorCategory.Invalid)] = "An outside system refused the request as it is; the message says why.",
            [Of(ErrorCategory.Capacity)] = "The provider has none of what was asked for now; tried again with back-off.",
            [Of(ErrorCategory.Quota)] = "A limit of the account is reached; raise it or free something.",
            [Of(ErrorCategory.Unknown)] = "An unexpected fault; tried again with back-off, details are in the operator's log.",
        };

    /// <summary>The name of a fault's category.</summary>
    public static string Of(Exception fault) => Of(CategoryOf(fault));

    /// <summary>The category of a fault: its own, or transient for what sockets and timeouts throw.</summary>
    public static ErrorCategory CategoryOf(Exception fault) =>
        fault switch
        {
            ICategorizedError known => known.Category,
            HttpRequestException or IOException or TimeoutException or OperationCanceledException => ErrorCategory.Transient,
            System.Net.Sockets.SocketException => ErrorCategory.Transient,
            _ => ErrorCategory.Unknown,
        };

    /// <summary>When a fault asks to be tried again, if it says.</summary>
    public static TimeSpan? RetryAfterOf(Exception fault) => (fault as ICategorizedError)?.RetryAfter;

    private static string Of(ErrorCategory category) =>
        category switch
        {
            ErrorCategory.Transient => "TransientError",
            ErrorCategory.RateLimited => "RateLimited",
            ErrorCategory.Unauthorized => "Unauthorized",
            ErrorCategory.Invalid => "InvalidRequest",
            ErrorCategory.Capacity => "CapacityError",
            ErrorCategory.Quota => "QuotaError",
            ErrorCategory.Unknown => "UnknownError",
            _ => throw new InvalidOperationException($"Unhandled category {category}"),
        };
}
