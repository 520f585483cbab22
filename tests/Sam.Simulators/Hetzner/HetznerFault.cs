namespace Sam.Simulators.Hetzner;

/// <summary>One fault and where it strikes; a member left out fits everything.</summary>
public sealed record HetznerFault(string Name) : ISimulatedFault
{
    /// <summary>How often; null until it is switched off.</summary>
    public int? Count { get; init; }

    /// <summary>How many times it could strike and does not, before it begins.</summary>
    public int After { get; init; }

    /// <summary>How long it plays; null until it is switched off.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>Start of the path after `/v1`: `/servers`.</summary>
    public string? Path { get; init; }

    /// <summary>Server type of the offer.</summary>
    public string? ServerType { get; init; }

    /// <summary>Location of the offer.</summary>
    public string? Location { get; init; }

    /// <summary>Command of an action: `create_server`, `start_server`, `stop_server`, `delete_server`.</summary>
    public string? Command { get; init; }

    /// <summary>HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>A time of the fault's own.</summary>
    public TimeSpan? Delay { get; init; }

    internal DateTimeOffset EndsAt { get; init; } = DateTimeOffset.MaxValue;

    internal bool FitsCall(string method, string path) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || path.StartsWith(Path, StringComparison.Ordinal));

    internal bool FitsOffer(string serverType, string location) =>
        (ServerType is null || ServerType == serverType) && (Location is null || Location == location);
}
