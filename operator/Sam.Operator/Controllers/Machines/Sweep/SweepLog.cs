namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>The log lines of the sweep.</summary>
internal static partial class SweepLog
{
    [LoggerMessage(3200, LogLevel.Warning, "Server {ServerId} ({Server}) has no Machine and stays: {Why}")]
    public static partial void Kept(ILogger logger, long serverId, string server, string why);

    [LoggerMessage(3201, LogLevel.Warning, "Server {ServerId} ({Server}) has no Machine; asked for its end: {Outcome}")]
    public static partial void Deleted(ILogger logger, long serverId, string server, string outcome);

    [LoggerMessage(3202, LogLevel.Warning, "The account of token {Token} could not be swept; tried again at the next sweep")]
    public static partial void Unreadable(ILogger logger, Exception fault, string token);
}
