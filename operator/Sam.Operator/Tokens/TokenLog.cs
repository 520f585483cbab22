namespace Sam.Operator.Tokens;

/// <summary>What the room writes into the log; never a byte of a token.</summary>
internal static partial class TokenLog
{
    [LoggerMessage(LogLevel.Information, "Minted token {Fingerprint} for {Owner} ({Use}): {Scope}, until {EndsAt}")]
    public static partial void Minted(
        ILogger logger,
        string fingerprint,
        string owner,
        string use,
        string scope,
        DateTimeOffset endsAt
    );

    [LoggerMessage(LogLevel.Warning, "Refused a token to {Owner} ({Use}): {Reason}: {Why}")]
    public static partial void Refused(ILogger logger, string owner, string use, TokenRefusal reason, string why);

    [LoggerMessage(LogLevel.Information, "Ended token {Fingerprint} of {Owner} ({Use}): {Outcome}")]
    public static partial void Ended(ILogger logger, string fingerprint, string owner, string use, string outcome);

    [LoggerMessage(
        LogLevel.Warning,
        "The answer to a mint for {Owner} ({Use}) was lost; a token that nobody knows may live for an hour"
    )]
    public static partial void Lost(ILogger logger, string owner, string use);
}
