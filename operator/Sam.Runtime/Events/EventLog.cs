using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Events;

/// <summary>The log lines of the event recorder.</summary>
internal static partial class EventLog
{
    [LoggerMessage(1500, LogLevel.Warning, "Recording the event {Reason} of {Kind} {Namespace}/{Name} ({Uid}) failed")]
    public static partial void Failed(
        ILogger logger,
        Exception fault,
        string reason,
        string kind,
        string @namespace,
        string name,
        string uid
    );

    [LoggerMessage(
        1501,
        LogLevel.Debug,
        "The event {Reason} of {Kind} {Namespace}/{Name} ({Uid}) is not written: its namespace ends"
    )]
    public static partial void NamespaceEnds(
        ILogger logger,
        string reason,
        string kind,
        string @namespace,
        string name,
        string uid
    );
}
