using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Leases;

/// <summary>The log lines of the elector.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(1400, LogLevel.Information, "Acquired the lease {Namespace}/{Name} as {Identity}")]
    public static partial void Acquired(ILogger logger, string @namespace, string name, string identity);

    [LoggerMessage(1401, LogLevel.Warning, "Asking for the lease {Namespace}/{Name} failed")]
    public static partial void AskFailed(ILogger logger, Exception fault, string @namespace, string name);

    [LoggerMessage(1402, LogLevel.Critical, "Lost the lease {Namespace}/{Name}; this process ends")]
    public static partial void Lost(ILogger logger, string @namespace, string name);

    [LoggerMessage(1403, LogLevel.Information, "Released the lease {Namespace}/{Name}")]
    public static partial void Released(ILogger logger, string @namespace, string name);

    [LoggerMessage(1404, LogLevel.Debug, "The lease {Namespace}/{Name} is held by {Holder}")]
    public static partial void HeldByAnother(ILogger logger, string @namespace, string name, string? holder);
}
