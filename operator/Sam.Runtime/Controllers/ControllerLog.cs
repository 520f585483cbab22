using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Controllers;

/// <summary>The log lines of the loop.</summary>
internal static partial class ControllerLog
{
    [LoggerMessage(1200, LogLevel.Information, "Started controller {Controller} with {Parallelism} workers")]
    public static partial void Started(ILogger logger, string controller, int parallelism);

    [LoggerMessage(1201, LogLevel.Warning, "Reconciling {Kind} {Namespace}/{Name} ({Uid}) failed and is tried again")]
    public static partial void Failed(ILogger logger, Exception? fault, string kind, string @namespace, string name, string? uid);

    [LoggerMessage(1202, LogLevel.Debug, "Reconciled {Kind} {Namespace}/{Name} ({Uid}); next run in {RequeueAfter}")]
    public static partial void Reconciled(
        ILogger logger,
        string kind,
        string @namespace,
        string name,
        string? uid,
        TimeSpan? requeueAfter
    );

    [LoggerMessage(
        1203,
        LogLevel.Debug,
        "Nothing to do for {Kind} {Namespace}/{Name} ({Uid}): it is gone, or held by others only"
    )]
    public static partial void NothingToDo(ILogger logger, string kind, string @namespace, string name, string? uid);

    [LoggerMessage(1204, LogLevel.Information, "Stopped controller {Controller}")]
    public static partial void Stopped(ILogger logger, string controller);

    [LoggerMessage(1205, LogLevel.Warning, "A run of {Task} failed; the next one is in {Period}")]
    public static partial void PeriodicFailed(ILogger logger, Exception fault, string task, TimeSpan period);

    [LoggerMessage(1206, LogLevel.Information, "A stream of {Task} for {Namespace}/{Name} broke and is opened again")]
    public static partial void StreamBroke(ILogger logger, Exception fault, string task, string @namespace, string name);
}
