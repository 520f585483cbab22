namespace Sam.Operator.Registry;

/// <summary>What the room logs. Never a token, a login or a key; who, what and until when.</summary>
internal static partial class RegistryLog
{
    [LoggerMessage(600, LogLevel.Information, "Minted a registry token for {Subject} at {Host}: {Access} until {ExpiresAt}")]
    public static partial void Minted(ILogger logger, string subject, string host, string access, DateTimeOffset expiresAt);

    [LoggerMessage(601, LogLevel.Warning, "Refused a registry token for {Subject} at {Host}: {Reason}")]
    public static partial void Refused(ILogger logger, string subject, string host, string reason);

    [LoggerMessage(602, LogLevel.Information, "Changed the registry keys: {KeyCount} are kept, the newest is {KeyId}")]
    public static partial void KeysChanged(ILogger logger, int keyCount, string keyId);

    [LoggerMessage(603, LogLevel.Information, "Published registry key {KeyId}: it signs from {SignsFrom}")]
    public static partial void KeyPublished(ILogger logger, string keyId, DateTimeOffset signsFrom);

    [LoggerMessage(604, LogLevel.Error, "Keeping the registry keys failed, it is tried again: {Reason}")]
    public static partial void KeysNotKept(ILogger logger, string reason);

    [LoggerMessage(605, LogLevel.Information, "Refused a registry login from {Address}: {Reason}")]
    public static partial void LoginRefused(ILogger logger, string address, string reason);

    [LoggerMessage(606, LogLevel.Information, "Listening for registry logins at {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(607, LogLevel.Error, "Reading the token endpoint's certificate failed, the old one stays: {Reason}")]
    public static partial void CertificateNotRead(ILogger logger, string reason);

    [LoggerMessage(608, LogLevel.Warning, "Answering a registry login failed: {Reason}")]
    public static partial void ReviewFailed(ILogger logger, string reason);
}
