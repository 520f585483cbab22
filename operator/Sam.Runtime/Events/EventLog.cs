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
}
