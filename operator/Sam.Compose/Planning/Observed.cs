using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>What the engine shows of one app, filtered by the label dev.sam.uid.</summary>
public sealed record Observed
{
    /// <summary>The engine's own clock (`/info` SystemTime), the one StartedAt was read from.</summary>
    public DateTimeOffset Now { get; init; }

    public ImmutableArray<ObservedContainer> Containers { get; init; } = [];

    /// <summary>Names of the app's networks.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>Names of the app's volumes on the engine.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Names of wanted configs and secrets that are on the node.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>References by digest that need no pull.</summary>
    public ImmutableArray<string> Images { get; init; } = [];
}

/// <summary>The engine's container states.</summary>
public enum ContainerState
{
    Created,
    Running,
    Exited,
    Restarting,
    Paused,
    Dead,
    Removing,
}

/// <summary>The engine's health states; None: no health check.</summary>
public enum ContainerHealth
{
    None,
    Starting,
    Healthy,
    Unhealthy,
}

/// <summary>One container of the app on the engine.</summary>
public sealed record ObservedContainer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Label dev.sam.service.</summary>
    public required string Service { get; init; }

    /// <summary>Label dev.sam.release: the release that created it.</summary>
    public long Release { get; init; }

    /// <summary>Label dev.sam.spec.</summary>
    public required string SpecHash { get; init; }

    public ContainerState State { get; init; }

    public int ExitCode { get; init; }

    public ContainerHealth Health { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The engine's RestartCount: restarts by its restart policy.</summary>
    public int Restarts { get; init; }

    /// <summary>Label dev.sam.replica, from 1.</summary>
    public int Replica { get; init; } = 1;

    /// <summary>Engine names of the networks it is on; null: all that it should be on.</summary>
    public ImmutableArray<string>? Networks { get; init; }

    /// <summary>Aliases it holds on the edge network, as the engine lists them; empty when it is not on that network.</summary>
    public ImmutableArray<string> EdgeAliases { get; init; } = [];

    /// <summary>True while Caddy's name leads to it.</summary>
    public bool AtEdge => EdgeAliases.Any(alias => EngineNames.IsEdgeAlias(alias, Service));

    public bool Alive => State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;
}
