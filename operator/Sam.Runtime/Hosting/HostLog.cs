using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Hosting;

/// <summary>The log lines of the host.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Information, "All caches are synced")]
    public static partial void Synced(ILogger logger);

    [LoggerMessage(1001, LogLevel.Warning, "A last write at shutdown failed")]
    public static partial void LastWordsFailed(ILogger logger, Exception fault);
}
