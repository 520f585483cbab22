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

/// <summary>One file of the Machine in a container, read-only. A missing one fails the start; it is never made as a folder.</summary>
/// <param name="Source">Absolute path on the Machine.</param>
/// <param name="Target">Absolute path in the container.</param>
public sealed record FileBind(string Source, string Target);

/// <summary>A kernel limit; -1 = none.</summary>
public sealed record KernelLimit(string Name, long Soft, long Hard);

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

    /// <summary>Mount options of folders in memory by path, such as size=64m.</summary>
    public ImmutableDictionary<string, string> TmpfsOptions { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Files of the Machine.</summary>
    public ImmutableArray<FileBind> Files { get; init; } = [];

    /// <summary>Capabilities beyond the engine's default set.</summary>
    public ImmutableArray<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities taken away.</summary>
    public ImmutableArray<string> CapDrop { get; init; } = [];

    /// <summary>The root file system cannot be written.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Bytes of /dev/shm; 0 = the engine's 64 MiB.</summary>
    public long ShmBytes { get; init; }

    /// <summary>Kernel limits.</summary>
    public ImmutableArray<KernelLimit> Ulimits { get; init; } = [];

    /// <summary>Kernel settings of the container's own namespaces.</summary>
    public ImmutableDictionary<string, string> Sysctls { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Further groups of the user.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Relative weight; 0 = 1024.</summary>
    public long CpuShares { get; init; }

    /// <summary>Processors such as 0-2; null = all.</summary>
    public string? Cpuset { get; init; }

    /// <summary>Bytes of memory and swap; 0 = the engine's, -1 = no limit.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>Host name; null = the short id.</summary>
    public string? Hostname { get; init; }

    /// <summary>Domain name.</summary>
    public string? DomainName { get; init; }

    /// <summary>DNS servers.</summary>
    public ImmutableArray<string> Dns { get; init; } = [];

    /// <summary>Options of resolv.conf.</summary>
    public ImmutableArray<string> DnsOptions { get; init; } = [];

    /// <summary>Search domains.</summary>
    public ImmutableArray<string> DnsSearch { get; init; } = [];

    /// <summary>Lines of /etc/hosts, <c>name:address</c>.</summary>
    public ImmutableArray<string> ExtraHosts { get; init; } = [];

    /// <summary>Log driver; null = the engine's.</summary>
    public string? LogDriver { get; init; }

    /// <summary>Options of the log driver.</summary>
    public ImmutableDictionary<string, string> LogOptions { get; init; } = ImmutableDictionary<string, string>.Empty;

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
