using System.Collections.Immutable;
using Sam.Compose.Model;

namespace Sam.Compose.Planning;

/// <summary>Names and labels of an app's things on the engine; their uniqueness is the fence against a second actor.</summary>
public static class EngineNames
{
    /// <summary>The network that Caddy and all routed containers share.</summary>
    public const string EdgeNetwork = "sam-edge";

    public const string KindLabel = "dev.sam.kind";
    public const string UidLabel = "dev.sam.uid";
    public const string ReleaseLabel = "dev.sam.release";
    public const string ServiceLabel = "dev.sam.service";
    public const string SpecLabel = "dev.sam.spec";
    public const string ReplicaLabel = "dev.sam.replica";
    public const string VolumeLabel = "dev.sam.volume";
    public const string Kind = "ComposeApp";

    public static string Container(string uid, string service, string hash) => $"sam-{Short(uid)}-{service}-{Short(hash)}";

    /// <summary>The network of services that name none.</summary>
    public static string Network(string uid) => $"sam-{Short(uid)}";

    /// <summary>A network by its Compose name.</summary>
    public static string Network(string uid, string network) =>
        network == ComposeNetwork.Default ? Network(uid) : $"{Network(uid)}_{network}";

    /// <summary>Whether a network of the engine is one of the app's.</summary>
    public static bool IsNetwork(string uid, string name) =>
        name == Network(uid) || name.StartsWith($"{Network(uid)}_", StringComparison.Ordinal);

    /// <summary>A config or secret on the node.</summary>
    public static string File(string uid, string hash) => $"{Short(uid)}-{hash}";

    public static string Volume(string uid, string volume) => $"sam-{Short(uid)}_{volume}";

    /// <summary>The name Caddy resolves; it moves from container to container without a reload.</summary>
    public static string EdgeAlias(string uid, string service) => $"{Short(uid)}-{service}";

    /// <summary>Tells our alias from those the engine adds itself (the short container id).</summary>
    public static bool IsEdgeAlias(string alias, string service) =>
        alias.Length == service.Length + 9 && alias.EndsWith($"-{service}", StringComparison.Ordinal);

    /// <summary>Labels of the app's network.</summary>
    public static ImmutableSortedDictionary<string, string> AppLabels(string uid) =>
        Ordinal.Sort([KeyValuePair.Create(KindLabel, Kind), KeyValuePair.Create(UidLabel, uid)]);

    /// <summary>Labels of one of the app's volumes.</summary>
    public static ImmutableSortedDictionary<string, string> VolumeLabels(string uid, string volume) =>
        AppLabels(uid).SetItem(VolumeLabel, volume);

    /// <summary>The user's labels with SAM's on top.</summary>
    public static ImmutableSortedDictionary<string, string> ContainerLabels(string uid, long release, ContainerSpec spec) =>
        spec
            .Labels.SetItem(KindLabel, Kind)
            .SetItem(UidLabel, uid)
            .SetItem(ReleaseLabel, release.ToString())
            .SetItem(ServiceLabel, spec.Service)
            .SetItem(SpecLabel, spec.Hash)
            .SetItems(spec.Replica is { } replica ? [KeyValuePair.Create(ReplicaLabel, replica.ToString())] : []);

    private static string Short(string id) => id.Length <= 8 ? id : id[..8];
}
