using System.Collections.Immutable;

namespace Sam.Operator.Clients.Docker;

/// <summary>A health check, durations as Docker takes them.</summary>
public sealed record HealthProbe(
    ImmutableArray<string> Test,
    TimeSpan? Interval,
    TimeSpan? Timeout,
    TimeSpan? StartPeriod,
    int? Retries
);

/// <summary>A volume or a host folder in a container.</summary>
/// <param name="Source">Volume name.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Mounted read-only.</param>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly = false);

/// <summary>A published port.</summary>
/// <param name="HostPort">Port on every address of the Machine.</param>
/// <param name="ContainerPort">Port in the container.</param>
/// <param name="Protocol">tcp or udp.</param>
public sealed record PublishedPort(int HostPort, int ContainerPort, string Protocol = "tcp");

/// <summary>What a container is to be. Its environment is never printed.</summary>
public sealed record ContainerRequest
{
    /// <summary>Unique name; the only fence against a second actor.</summary>
    public required string Name { get; init; }

    /// <summary>Image reference that the engine holds.</summary>
    public required string Image { get; init; }

    /// <summary>Labels.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Arguments; default = the image's.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>Entry point; default = the image's, empty = none.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    /// <summary>Environment, <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Health check; null = the image's; a test of <c>NONE</c> = none.</summary>
    public HealthProbe? Health { get; init; }

    /// <summary>Volumes.</summary>
    public ImmutableArray<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Folders in memory.</summary>
    public ImmutableArray<string> Tmpfs { get; init; } = [];

    /// <summary>Ports published on the Machine.</summary>
    public ImmutableArray<PublishedPort> Ports { get; init; } = [];

    /// <summary>Docker restart policy: no, always, on-failure, unless-stopped.</summary>
    public string RestartPolicy { get; init; } = "no";

    /// <summary>Retries of on-failure; 0 = no limit.</summary>
    public int RestartRetries { get; init; }

    /// <summary>CPU limit in billionths of a CPU; 0 = none.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Memory limit in bytes; 0 = none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Memory reservation in bytes; 0 = none.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Limit of processes; 0 = none.</summary>
    public long PidsLimit { get; init; }

    /// <summary>User, as in <c>--user</c>.</summary>
    public string? User { get; init; }

    /// <summary>Working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Docker's init as PID 1.</summary>
    public bool Init { get; init; }

    /// <summary>Signal that asks it to stop.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Grace period on stop.</summary>
    public TimeSpan? StopGrace { get; init; }

    /// <summary>Forbids gaining privileges (no_new_privs).</summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>The network it starts in, and its aliases there.</summary>
    public string? Network { get; init; }

    /// <summary>Aliases in <see cref="Network"/>.</summary>
    public ImmutableArray<string> NetworkAliases { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Image})";
}
