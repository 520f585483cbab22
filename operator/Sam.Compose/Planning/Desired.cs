using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>The release that should run, as containers.</summary>
public sealed record Desired
{
    /// <summary>UID of the ComposeApp.</summary>
    public required string Uid { get; init; }

    public required long Release { get; init; }

    public ImmutableArray<DesiredService> Services { get; init; } = [];

    /// <summary>
    /// True when this release has passed its health gate before: the plan then repairs service by service,
    /// and one sick service holds up no other.
    /// </summary>
    public bool Applied { get; init; }

    /// <summary>How long a container must run before it counts as healthy.</summary>
    public TimeSpan StableTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an old container may finish its requests after new ones go elsewhere.</summary>
    public TimeSpan DrainGrace { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Whether a container that ended with exit code 0 is done.</summary>
public enum Completion
{
    /// <summary>It must run; any end is a fault.</summary>
    Never,

    /// <summary>It may end with 0 (explicit restart `no` or `on-failure`, no route).</summary>
    Allowed,

    /// <summary>It must end with 0: another service waits for that.</summary>
    Required,
}

/// <summary>One service of the release.</summary>
public sealed record DesiredService
{
    public required ContainerSpec Spec { get; init; }

    public ImmutableArray<ServiceDependency> DependsOn { get; init; } = [];

    /// <summary>Container ports that routes lead to; empty: the service is not at the edge.</summary>
    public ImmutableArray<int> RoutedPorts { get; init; } = [];

    public Completion Completion { get; init; }

    public string Name => Spec.Service;

    public bool Routed => !RoutedPorts.IsDefaultOrEmpty;

    // Two writers on one volume corrupt it: such a service is stopped before its successor starts.
    public bool StopFirst => Spec.Volumes.Any(mount => !mount.ReadOnly);
}

/// <summary>What must hold of another service before this one starts.</summary>
public sealed record ServiceDependency(string Service, Model.DependencyCondition Condition);
