namespace Sam.Simulators.GitHub;

/// <summary>The faults that are switched on, each by name; a test or the control API plays them.</summary>
public sealed partial class GitHubFaults : FaultList<GitHubFault>
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Known => Names;

    /// <inheritdoc/>
    protected override GitHubFault WithCount(GitHubFault fault, int? count) => fault with { Count = count };
}
