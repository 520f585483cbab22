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

/// <summary>An image as the engine holds it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">References by tag.</param>
/// <param name="Digests">References by digest.</param>
/// <param name="SizeBytes">Its size with all layers, also those that others share.</param>
public sealed record EngineImage(string Id, ImmutableArray<string> Tags, ImmutableArray<string> Digests, long SizeBytes);

/// <summary>Credentials for one registry host. Never printed.</summary>
/// <param name="Server">Exact host, with port if any.</param>
/// <param name="Username">User, or null with a registry token.</param>
/// <param name="Password">Password, or null with a registry token.</param>
/// <param name="RegistryToken">A bearer token of the Distribution scheme, or null.</param>
public sealed record RegistryLogin(string Server, string? Username, string? Password, string? RegistryToken)
{
    /// <summary>When the token ends; null if it does not, or nobody knows.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

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

/// <summary>How a prepared command stands.</summary>
/// <param name="ContainerId">The container that it is in.</param>
/// <param name="Running">It runs now.</param>
/// <param name="ExitCode">Its exit code once it ended; null before, also if it was never started.</param>
public sealed record ExecState(string ContainerId, bool Running, int? ExitCode);

/// <summary>Which of an engine's events are told; what is left empty is not narrowed.</summary>
public sealed record EngineEventFilter
{
    /// <summary>Kinds of things: container, network, volume.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Docker's words for what happened, by their beginning where the engine adds words of its own (<c>health_status: healthy</c>).</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Labels that must all match; events of networks and volumes carry none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>One event of an engine.</summary>
/// <param name="Type">What kind of thing: container, network, volume.</param>
/// <param name="Action">Docker's word, such as start, die, destroy, health_status: healthy.</param>
/// <param name="Id">The container's or network's id, or the volume's name.</param>
/// <param name="Attributes">A container's labels, name and image; a network's name and the container that came or went.</param>
/// <param name="At">When, by the engine's clock.</param>
public sealed record EngineEvent(
    string Type,
    string Action,
    string Id,
    ImmutableDictionary<string, string> Attributes,
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
