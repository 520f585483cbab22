using System.Collections.Immutable;
using Sam.Compose.Rendering;

namespace Sam.Compose.Model;

/// <summary>All that a release needs to run again later: the model with its variables filled in, digests instead of tags, and the routes.</summary>
public sealed record ReleaseSpec
{
    public required ComposeModel Model { get; init; }

    /// <summary>Service name to image reference by digest (`host/repo@sha256:...`).</summary>
    public ImmutableSortedDictionary<string, string> Images { get; init; } = Ordinal.Empty<string>();

    public ImmutableArray<AppRoute> Routes { get; init; } = [];

    /// <summary>Content of the configs and secrets that services use, in base64, as `configs/NAME` and `secrets/NAME`; null: none.</summary>
    public ImmutableSortedDictionary<string, string>? Files { get; init; }

    public bool Equals(ReleaseSpec? other) => other is not null && ReleaseJson.Render(this) == ReleaseJson.Render(other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ReleaseJson.Render(this));
}
