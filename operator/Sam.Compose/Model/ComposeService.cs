using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sam.Compose.Model;

/// <summary>One service of a Compose file, with the meaning the Compose specification gives each key.</summary>
public sealed record ComposeService
{
    public required string Name { get; init; }

    /// <summary>The image reference as written (tag or digest).</summary>
    public required string Image { get; init; }

    /// <summary>Null: the image's command; empty: no command at all.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>Null: the image's entrypoint; empty: no entrypoint at all.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    public ImmutableSortedDictionary<string, string> Environment { get; init; } = Ordinal.Empty<string>();

    /// <summary>Null: the image's own health check, if it has one.</summary>
    public Healthcheck? Healthcheck { get; init; }

    public ImmutableSortedDictionary<string, Dependency> DependsOn { get; init; } = Ordinal.Empty<Dependency>();

    /// <summary>Route hints only: no host port is ever published.</summary>
    public ImmutableArray<PortHint> Ports { get; init; } = [];

    /// <summary>Container ports named by `expose`: route hints too.</summary>
    public ImmutableArray<PortHint> Expose { get; init; } = [];

    public ImmutableArray<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Null: the file says nothing, and SAM chooses (see Desired).</summary>
    public RestartPolicy? Restart { get; init; }

    public Resources? Resources { get; init; }

    public string? User { get; init; }

    public string? WorkingDir { get; init; }

    public bool? Init { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    public string? StopSignal { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Ordinal.Empty<string>();

    /// <summary>Containers of this service (`deploy.replicas`, `scale`); null: one.</summary>
    public int? Replicas { get; init; }

    /// <summary>`deploy.update_config.order`; null: SAM chooses.</summary>
    public UpdateOrder? UpdateOrder { get; init; }

    /// <summary>Networks by name with further names on them; null: `default` alone.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Networks { get; init; }

    /// <summary>Further names of other services (`links` with an alias); null: none.</summary>
    public ImmutableArray<Link>? Links { get; init; }

    /// <summary>Memory file systems; null: none.</summary>
    public ImmutableArray<TmpfsMount>? Tmpfs { get; init; }

    /// <summary>Configs as files; null: none.</summary>
    public ImmutableArray<FileGrant>? Configs { get; init; }

    /// <summary>Secrets as files in memory; null: none.</summary>
    public ImmutableArray<FileGrant>? Secrets { get; init; }

    /// <summary>Rights, limits and kernel settings; null: the file says nothing.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>Names and addresses the container knows; null: the file says nothing.</summary>
    public Addressing? Addressing { get; init; }

    /// <summary>How much of its log the engine keeps; null: the engine's limits.</summary>
    public Logging? Logging { get; init; }

    /// <summary>`profiles`, one of which is asked for; null: none.</summary>
    public ImmutableArray<string>? Profiles { get; init; }

    /// <summary>What is only shown; null on a model read back from a release.</summary>
    [JsonIgnore]
    public Written? Written { get; init; }

    // Environment values may be secrets that interpolation put there.
    public override string ToString() => $"ComposeService {Name} ({Image})";
}

/// <summary>A health check; null parts keep the image's (or the engine's) value.</summary>
public sealed record Healthcheck
{
    /// <summary>True switches off the image's own check too.</summary>
    public bool Disable { get; init; }

    /// <summary>`CMD` or `CMD-SHELL` first, as the engine wants it; null keeps the image's test.</summary>
    public ImmutableArray<string>? Test { get; init; }

    public TimeSpan? Interval { get; init; }

    public TimeSpan? Timeout { get; init; }

    public int? Retries { get; init; }

    public TimeSpan? StartPeriod { get; init; }

    public TimeSpan? StartInterval { get; init; }
}

/// <summary>What a dependency must have reached before the dependent starts.</summary>
public enum DependencyCondition
{
    Started,
    Healthy,
    CompletedSuccessfully,
}

/// <summary>One entry of depends_on.</summary>
public sealed record Dependency(DependencyCondition Condition, bool Required = true)
{
    /// <summary>`restart: true`, which is only shown.</summary>
    [JsonIgnore]
    public bool Restart { get; init; }
}

/// <summary>A container port a route may lead to; the host part is recorded and never published.</summary>
public sealed record PortHint(int Target, string Protocol = "tcp", string? Published = null, string? HostIp = null);

/// <summary>A named volume at a path.</summary>
public sealed record VolumeMount(string Volume, string Path, bool ReadOnly = false);

/// <summary>When the engine starts a container again by itself.</summary>
public enum RestartMode
{
    No,
    Always,
    OnFailure,
    UnlessStopped,
}

/// <summary>A restart mode; retries only count for on-failure (null: no limit).</summary>
public sealed record RestartPolicy(RestartMode Mode, int? MaximumRetries = null);

/// <summary>deploy.resources: nano-CPUs and bytes, null where the file says nothing.</summary>
public sealed record Resources
{
    public long? NanoCpus { get; init; }

    public long? MemoryBytes { get; init; }

    public long? Pids { get; init; }

    public long? ReservedNanoCpus { get; init; }

    public long? ReservedMemoryBytes { get; init; }
}
