namespace Sam.Simulators.GitHub;

/// <summary>One fault and where it strikes; a member left out fits everything.</summary>
public sealed record GitHubFault(string Name) : ISimulatedFault
{
    /// <summary>How often; null until it is switched off.</summary>
    public int? Count { get; init; }

    /// <summary>HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>Start of the path: `/repos/`.</summary>
    public string? Path { get; init; }

    /// <summary>Only calls of this App.</summary>
    public long? AppId { get; init; }

    /// <summary>Only calls about or by this installation.</summary>
    public long? InstallationId { get; init; }

    /// <summary>Status of the answer, where the fault has a choice.</summary>
    public int? Status { get; init; }

    /// <summary>How late, how skewed, how short-lived, or how long to stay away.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>A permission that goes missing.</summary>
    public string? Permission { get; init; }

    internal bool Fits(string method, string path, long? app, long? installation) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || path.StartsWith(Path, StringComparison.OrdinalIgnoreCase))
        && (AppId is null || AppId == app)
        && (InstallationId is null || InstallationId == installation);
}
