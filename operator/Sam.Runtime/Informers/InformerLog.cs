using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Informers;

/// <summary>The log lines of informers.</summary>
internal static partial class InformerLog
{
    [LoggerMessage(1100, LogLevel.Debug, "Listed {Count} {Plural} at version {ResourceVersion}")]
    public static partial void Listed(ILogger logger, string plural, int count, string resourceVersion);

    [LoggerMessage(1101, LogLevel.Warning, "A list or watch of {Plural} failed and is repeated")]
    public static partial void WatchFailed(ILogger logger, Exception fault, string plural);

    [LoggerMessage(1102, LogLevel.Debug, "Stopped watching {Plural}")]
    public static partial void Stopped(ILogger logger, string plural);

    [LoggerMessage(1103, LogLevel.Error, "A handler failed on {Kind} {Namespace}/{Name} ({Uid})")]
    public static partial void HandlerFailed(
        ILogger logger,
        Exception fault,
        string kind,
        string? @namespace,
        string name,
        string? uid
    );

    [LoggerMessage(1104, LogLevel.Information, "{Plural} are listed in pages from now on: {Why}")]
    public static partial void NotStreamed(ILogger logger, string plural, string why);
}
