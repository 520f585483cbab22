using Microsoft.Extensions.Logging;

namespace Sam.Runtime.Steps;

/// <summary>The log lines of the step runner.</summary>
internal static partial class StepLog
{
    [LoggerMessage(1300, LogLevel.Warning, "Step {Step} of {Kind} {Namespace}/{Name} ({Uid}) failed and is tried again")]
    public static partial void Failed(
        ILogger logger,
        Exception fault,
        string kind,
        string? @namespace,
        string name,
        string? uid,
        string? step
    );

    [LoggerMessage(1301, LogLevel.Debug, "Somebody else wrote {Kind} {Namespace}/{Name} ({Uid}) first; running again")]
    public static partial void Conflict(ILogger logger, string kind, string? @namespace, string name, string? uid);
}
