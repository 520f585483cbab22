namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>How a release went, in the words of <c>status.releases[].outcome</c>.</summary>
internal static class ReleaseOutcome
{
    public const string Pending = "Pending";
    public const string Applied = "Applied";
    public const string Failed = "Failed";
}
