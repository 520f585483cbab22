namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>The log lines of the sweep.</summary>
internal static partial class SweepLog
{
    [LoggerMessage(3200, LogLevel.Warning, "{Thing} {ThingId} ({ThingName}) has no Machine and stays: {Why}")]
    public static partial void Kept(ILogger logger, string thing, long thingId, string thingName, string why);

    [LoggerMessage(3201, LogLevel.Warning, "{Thing} {ThingId} ({ThingName}) has no Machine; asked for its end: {Outcome}")]
    public static partial void Deleted(ILogger logger, string thing, long thingId, string thingName, string outcome);

    [LoggerMessage(3202, LogLevel.Warning, "The account of token {Token} could not be swept; tried again at the next sweep")]
    public static partial void Unreadable(ILogger logger, Exception fault, string token);
}
