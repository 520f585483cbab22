using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sam.Compose.Model;
using Sam.Compose.Rendering;

namespace Sam.Compose.Planning;

/// <summary>All that makes a container what it is; two specs with the same hash are the same container and are never restarted for each other.</summary>
public sealed record ContainerSpec
{
    public required string Service { get; init; }

    /// <summary>Image reference by digest.</summary>
    public required string Image { get; init; }

    public ImmutableArray<string>? Command { get; init; }

    public ImmutableArray<string>? Entrypoint { get; init; }

    public ImmutableSortedDictionary<string, string> Environment { get; init; } = Ordinal.Empty<string>();

    public Healthcheck? Healthcheck { get; init; }

    /// <summary>Compose names of volumes; EngineNames.Volume gives the engine's name.</summary>
    public ImmutableArray<VolumeMount> Volumes { get; init; } = [];

    public RestartPolicy Restart { get; init; } = new(RestartMode.UnlessStopped);

    public Resources? Resources { get; init; }

    public string? User { get; init; }

    public string? WorkingDir { get; init; }

    public bool? Init { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>Which of several containers of the service it is, from 2; null: the first.</summary>
    public int? Replica { get; init; }

    /// <summary>Compose names of networks with further names there; null: `default` alone. EngineNames.Network gives the engine's name.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Networks { get; init; }

    public ImmutableArray<TmpfsMount>? Tmpfs { get; init; }

    /// <summary>Configs and secrets.</summary>
    public ImmutableArray<FileMount>? Files { get; init; }

    public Confinement? Confinement { get; init; }

    public Addressing? Addressing { get; init; }

    public Logging? Logging { get; init; }

    /// <summary>The user's labels; CreateContainer adds SAM's.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Ordinal.Empty<string>();

    /// <summary>SHA-256 over the canonical JSON, 64 hex digits: the identity of the container (label dev.sam.spec).</summary>
    [JsonIgnore]
    public string Hash =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CanonicalJson.Default.ContainerSpec)));

    public bool Equals(ContainerSpec? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Hash);

    // Commands and environment may hold secrets: text shows the identity only.
    public override string ToString() => $"ContainerSpec {Service} {Hash[..8]}";
}
