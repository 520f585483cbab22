namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    /// <inheritdoc/>
    public Task EnsureNetworkAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        string? subnet,
        bool isInternal,
        CancellationToken cancellationToken
    ) => CallAsync("EnsureNetwork", _ => networks.TryAdd(name, Keep(labels)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListNetworksAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<string>>(
            "ListNetworks",
            _ => [.. networks.Where(n => Has(n.Value, labels)).Select(n => n.Key)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(
            "RemoveNetwork",
            now =>
            {
                // A container that does not run holds no endpoint.
                if (containers.Values.FirstOrDefault(c => c.IsUp && c.Networks.ContainsKey(name)) is { } user)
                {
                    throw new EngineException(
                        EngineErrorKind.Conflict,
                        $"network {name} has active endpoints: {user.Request.Name}"
                    );
                }

                if (networks.Remove(name))
                {
                    SayOfNetwork(name, "destroy", null, now);
                }

                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task ConnectAsync(
        string network,
        string containerId,
        IReadOnlyList<string> aliases,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "Connect",
            _ =>
            {
                var container = Get(containerId);
                // As Docker does: what does not run is only noted, and a network that is missing is told at its start.
                return networks.ContainsKey(network) || !container.IsUp
                    ? container.Networks.TryAdd(network, [.. aliases])
                    : throw new EngineException(EngineErrorKind.NotFound, $"network {network} not found");
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task DisconnectAsync(string network, string containerId, CancellationToken cancellationToken) =>
        CallAsync(
            "Disconnect",
            now =>
            {
                if (Find(containerId) is not { } container || !container.Networks.Remove(network))
                {
                    return false;
                }

                SayOfNetwork(network, "disconnect", container.Id, now);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RealiasAsync(
        string network,
        string containerId,
        IReadOnlyList<string> aliases,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "Realias",
            now =>
            {
                var container = Get(containerId);
                if (!container.Networks.ContainsKey(network))
                {
                    throw new EngineException(EngineErrorKind.NotFound, $"{containerId} is not connected to {network}");
                }

                container.Networks[network] = [.. aliases];
                SayOfNetwork(network, "disconnect", container.Id, now);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CallAsync("EnsureVolume", _ => volumes.TryAdd(name, new RecordedVolume(Keep(labels))), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListVolumesAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<string>>(
            "ListVolumes",
            _ => [.. volumes.Where(v => Has(v.Value.Labels, labels)).Select(v => v.Key)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(
            "RemoveVolume",
            now =>
            {
                // Unlike a network, a volume is held by a container that does not run, too.
                if (containers.Values.FirstOrDefault(c => c.Request.Volumes.Any(v => v.Source == name)) is { } user)
                {
                    throw new EngineException(EngineErrorKind.Conflict, $"volume {name} is in use by {user.Request.Name}");
                }

                if (volumes.Remove(name))
                {
                    SayOfVolume(name, "destroy", now);
                }

                return true;
            },
            cancellationToken
        );
}
