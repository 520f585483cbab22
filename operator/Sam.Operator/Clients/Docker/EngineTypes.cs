using System.Collections.Immutable;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Clients.Docker;

/// <summary>What an engine says of itself.</summary>
/// <param name="Version">Engine version.</param>
/// <param name="ApiVersion">Highest API version.</param>
/// <param name="Cpus">Logical CPUs.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
public sealed record EngineInfo(string Version, string ApiVersion, int Cpus, long MemoryBytes);

/// <summary>A container's state in Docker's words.</summary>
public enum ContainerState
{
    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Suspended by pause.</summary>
    Paused,

    /// <summary>Between two runs of its restart policy.</summary>
    Restarting,

    /// <summary>Ended.</summary>
    Exited,

    /// <summary>Being removed.</summary>
    Removing,

    /// <summary>The engine could not clean it up.</summary>
    Dead,
}

/// <summary>A container's health in Docker's words.</summary>
public enum ContainerHealth
{
    /// <summary>It has no health check.</summary>
    None,

    /// <summary>In its start period.</summary>
    Starting,

    /// <summary>The last probe passed.</summary>
    Healthy,

    /// <summary>As many probes failed in a row as its retries allow.</summary>
    Unhealthy,
}

/// <summary>A container as the engine shows it.</summary>
/// <param name="Id">Full id.</param>
/// <param name="Name">Name without a leading slash.</param>
/// <param name="Image">The reference it was created from.</param>
/// <param name="Labels">All labels.</param>
/// <param name="State">State.</param>
/// <param name="Health">Health.</param>
/// <param name="ExitCode">Exit code of the last run.</param>
/// <param name="RestartCount">Restarts by its policy.</param>
/// <param name="OutOfMemory">The last run was ended by the kernel for memory.</param>
/// <param name="StartedAt">Start of the last run; null if never started.</param>
/// <param name="FinishedAt">End of the last run; null if never ended.</param>
/// <param name="Networks">Network name to aliases, for each network it is connected to.</param>
public sealed record EngineContainer(
    string Id,
    string Name,
    string Image,
    ImmutableDictionary<string, string> Labels,
    ContainerState State,
    ContainerHealth Health,
    int ExitCode,
    int RestartCount,
    bool OutOfMemory,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    ImmutableDictionary<string, ImmutableArray<string>> Networks
);

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

/// <summary>Credentials for one registry host. Never printed.</summary>
/// <param name="Server">Exact host, with port if any.</param>
/// <param name="Username">User, or null with a registry token.</param>
/// <param name="Password">Password, or null with a registry token.</param>
/// <param name="RegistryToken">A bearer token of the Distribution scheme, or null.</param>
public sealed record RegistryLogin(string Server, string? Username, string? Password, string? RegistryToken)
{
    /// <inheritdoc/>
    public override string ToString() => $"login for {Server}";
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output, bounded to 1 MiB.</param>
/// <param name="Error">Standard error, bounded to 64 KiB.</param>
public sealed record ExecResult(int ExitCode, string Output, string Error)
{
    /// <summary>False if the command ended and its output stream did not: the text may lack its end.</summary>
    public bool OutputComplete { get; init; } = true;
}

/// <summary>One container event.</summary>
/// <param name="Action">Docker's word, such as start, die, destroy, health_status: healthy.</param>
/// <param name="ContainerId">The container.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="At">When.</param>
public sealed record EngineEvent(
    string Action,
    string ContainerId,
    ImmutableDictionary<string, string> Labels,
    DateTimeOffset At
);

/// <summary>What kind of fault an engine call ended in.</summary>
public enum EngineErrorKind
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>The engine showed another key than the pinned one, or refused ours.</summary>
    IdentityRefused,

    /// <summary>No such container, network or volume.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    NameTaken,

    /// <summary>The registry has no such image, or does not show it to us.</summary>
    ImageNotFound,

    /// <summary>The registry refused the credentials.</summary>
    RegistryUnauthorized,

    /// <summary>The registry did not answer.</summary>
    RegistryUnreachable,

    /// <summary>In use, or in a state that forbids it now.</summary>
    Conflict,

    /// <summary>The engine refused the request as it is.</summary>
    Invalid,

    /// <summary>The engine failed inside.</summary>
    Server,
}

/// <summary>A fault of an engine call.</summary>
/// <param name="kind">What kind.</param>
/// <param name="message">One sentence, no secret.</param>
/// <param name="inner">The cause.</param>
public sealed class EngineException(EngineErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner),
        ICategorizedError
{
    /// <summary>What kind.</summary>
    public EngineErrorKind Kind { get; } = kind;

    /// <inheritdoc/>
    public ErrorCategory Category =>
        Kind switch
        {
            EngineErrorKind.IdentityRefused or EngineErrorKind.RegistryUnauthorized => ErrorCategory.Unauthorized,
            EngineErrorKind.Invalid => ErrorCategory.Invalid,
            _ => ErrorCategory.Transient,
        };

    /// <inheritdoc/>
    public TimeSpan? RetryAfter => null;
}
