namespace Sam.Operator.Policy;

/// <summary>What the policy tells the platform team.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(LogLevel.Information, "Platform policy read from {Path}: {Rules} rules")]
    public static partial void Loaded(ILogger logger, string path, int rules);

    [LoggerMessage(LogLevel.Error, "Platform policy in {Path} is refused: {Problems}; until it is mended {Instead}")]
    public static partial void Refused(ILogger logger, string path, string problems, string instead);
}
