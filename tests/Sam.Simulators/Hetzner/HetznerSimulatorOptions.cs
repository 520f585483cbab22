namespace Sam.Simulators.Hetzner;

/// <summary>How one simulated Hetzner behaves.</summary>
public sealed record HetznerSimulatorOptions
{
    /// <summary>A token that works when none are given; as long as a real one.</summary>
    public const string DefaultToken = "simulated0000000000000000000000000000000000000000000000000000000";

    /// <summary>Loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The tokens it knows.</summary>
    public IReadOnlyList<SimulatedToken> Tokens { get; init; } = [new(DefaultToken, "default")];

    /// <summary>What stands behind a server.</summary>
    public IServerBackend Backend { get; init; } = new RecordOnlyBackend();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public HetznerDelays Delays { get; init; } = new();

    /// <summary>Requests per hour and project; they come back evenly.</summary>
    public int RateLimit { get; init; } = 3600;

    /// <summary>Servers a project may have.</summary>
    public int ServerLimit { get; init; } = 10_000;
}

/// <summary>A token, the project it belongs to, and whether it may only read.</summary>
public sealed record SimulatedToken(string Token, string Project, bool ReadOnly = false);

/// <summary>How long things take; a stock image is up about 11 s after the create.</summary>
public sealed record HetznerDelays
{
    public static readonly HetznerDelays None = new()
    {
        Initialize = TimeSpan.Zero,
        Start = TimeSpan.Zero,
        Power = TimeSpan.Zero,
        Attach = TimeSpan.Zero,
        Delete = TimeSpan.Zero,
    };

    public TimeSpan Initialize { get; init; } = TimeSpan.FromSeconds(6);
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Power { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan Attach { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Delete { get; init; } = TimeSpan.FromSeconds(1);
}
