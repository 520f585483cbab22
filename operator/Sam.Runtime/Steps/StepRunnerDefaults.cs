namespace Sam.Runtime.Steps;

/// <summary>What every runner has in common.</summary>
public static class StepRunner
{
    /// <summary>When a run that lost a race runs again.</summary>
    public static readonly TimeSpan ConflictRetry = TimeSpan.FromMilliseconds(250);
}
