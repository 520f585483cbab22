using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>The networks a container is on, by their engine names, with its names there.</summary>
internal static class ServiceNetworks
{
    // The service's own name is known on each of its networks.
    public static IEnumerable<(string Name, ImmutableArray<string> Aliases)> Of(string uid, ContainerSpec spec) =>
        spec.Networks is { } networks
            ? networks.Select(entry => (EngineNames.Network(uid, entry.Key), entry.Value.Insert(0, spec.Service)))
            : [(EngineNames.Network(uid), [spec.Service])];
}
