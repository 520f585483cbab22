using Sam.Runtime.Transport;

namespace Sam.Runtime.Informers;

/// <summary>What the end of a watch means.</summary>
internal static class WatchFault
{
    /// <summary>The cause, as metrics call it.</summary>
    public static string CauseOf(Exception fault) =>
        fault switch
        {
            WatchSilentException => "silent",
            KubernetesApiException { IsExpired: true } => "expired",
            KubernetesApiException { Code: 0 } => "broken",
            KubernetesApiException => "refused",
            IOException or OperationCanceledException => "broken",
            _ => "unreadable",
        };

    /// <summary>Whether everything must be read again: the version is too old or refused, or what the store holds is not to be trusted.</summary>
    public static bool MakesVersionUseless(Exception fault) =>
        fault switch
        {
            KubernetesApiException { IsExpired: true } => true,
            KubernetesApiException api => api.Code is not (0 or 429 or >= 500),
            IOException or OperationCanceledException => false,
            _ => true, // a line that cannot be read, or an index that failed
        };
}
