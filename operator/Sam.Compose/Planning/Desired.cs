using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>The release that should run, as containers.</summary>
public sealed record Desired
{
    /// <summary>UID of the ComposeApp.</summary>
    public required string Uid { get; init; }

    public required long Release { get; init; }

    /// <summary>The containers; a service of several replicas stands here several times.</summary>
    public ImmutableArray<DesiredService> Services { get; init; } = [];

    /// <summary>Compose names of the networks that services use; true: internal.</summary>
    public ImmutableSortedDictionary<string, bool> Networks { get; init; } =
        Ordinal.Sort([KeyValuePair.Create(ComposeNetwork.Default, false)]);

    /// <summary>Configs and secrets by their name on the node.</summary>
    public ImmutableSortedDictionary<string, FileContent> Files { get; init; } = Ordinal.Empty<FileContent>();

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

    /// <summary>The file says `stop-first`.</summary>
    public bool OrderedStopFirst { get; init; }

    public string Name => Spec.Service;

    /// <summary>Which of several containers of the service it is, from 1.</summary>
    public int Replica => Spec.Replica ?? 1;

    /// <summary>What dependencies on this one container call it; `#` stands in no service name.</summary>
    public string Key => $"{Name}#{Replica}";

    public bool Routed => !RoutedPorts.IsDefaultOrEmpty;

    // Two writers on one volume corrupt it: such a service is stopped before its successor starts.
    public bool StopFirst => OrderedStopFirst || Spec.Volumes.Any(mount => !mount.ReadOnly);

    /// <summary>Whether a dependency is on this container: on all of its service, or on it alone.</summary>
    public bool Is(string dependency) => dependency == Name || dependency == Key;
}

/// <summary>What must hold of another service before this one starts.</summary>
public sealed record ServiceDependency(string Service, Model.DependencyCondition Condition);
