using System.Security.Cryptography;
using System.Text;

namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    /// <summary>All containers at this moment, as they would be shown.</summary>
    public IReadOnlyList<EngineContainer> Containers
    {
        get
        {
            lock (gate)
                return [.. containers.Values.Select(container => container.Show())];
        }
    }

    /// <summary>Names of volumes at this moment.</summary>
    public IReadOnlyList<string> Volumes
    {
        get
        {
            lock (gate)
                return [.. volumes.Keys];
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineContainer>> ListContainersAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        CallAsync<IReadOnlyList<EngineContainer>>(
            "ListContainers",
            _ => [.. containers.Values.Where(c => c.Has(labels)).Select(c => c.Show())],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<EngineContainer?> InspectContainerAsync(string idOrName, CancellationToken cancellationToken) =>
        CallAsync("InspectContainer", _ => Find(idOrName)?.Show(), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken) =>
        CallAsync("CreateContainer", now => Create(request, now), cancellationToken);

    /// <inheritdoc/>
    public Task StartContainerAsync(string id, CancellationToken cancellationToken) =>
        CallAsync("StartContainer", now => Start(Get(id), now), cancellationToken);

    /// <inheritdoc/>
    public Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken) =>
        CallAsync(
            "StopContainer",
            now =>
            {
                if (Find(id) is not { IsUp: true } container)
                {
                    return false;
                }

                container.StoppedByHand = true;
                End(container, container.Script.StopExitCode, now);
                Say(container, "stop", now);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveContainerAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(
            "RemoveContainer",
            now =>
            {
                if (Find(id) is not { } container)
                {
                    return false;
                }

                if (container.IsUp)
                {
                    End(container, 137, now);
                }

                containers.Remove(container.Id);
                container.Epoch++;
                Say(container, "destroy", now);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<string> TailLogsAsync(string id, int lines, CancellationToken cancellationToken) =>
        CallAsync(
            "TailLogs",
            _ =>
            {
                var container = Get(id);
                if (container.StartedAt is null || container.Script.Logs.Length == 0)
                {
                    return "";
                }

                var all = container.Script.Logs.TrimEnd('\n').Split('\n');
                return string.Join('\n', all[Math.Max(0, all.Length - lines)..]) + "\n";
            },
            cancellationToken
        );

    private string Create(ContainerRequest request, DateTimeOffset now)
    {
        if (Find(request.Name) is { } taken)
        {
            throw new EngineException(
                EngineErrorKind.NameTaken,
                $"The container name {request.Name} is in use by container {taken.Id}"
            );
        }

        if (!images.Contains(EngineScript.Normalize(request.Image)))
        {
            throw new EngineException(EngineErrorKind.ImageNotFound, $"the engine has no image {request.Image}");
        }

        if (request.RestartPolicy is not ("no" or "always" or "on-failure" or "unless-stopped"))
        {
            throw new EngineException(EngineErrorKind.Invalid, $"unknown restart policy {request.RestartPolicy}");
        }

        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{nextId++}"));
        var container = new RecordedContainer(Convert.ToHexStringLower(bytes), request, Script.ScriptOf(request.Image));
        foreach (var mount in request.Volumes.Where(v => !v.Source.StartsWith('/')))
        {
            // As Docker does for a bind by name: a volume that is missing is made.
            volumes.TryAdd(mount.Source, new RecordedVolume(Keep(new Dictionary<string, string>(StringComparer.Ordinal))));
        }

        container.Networks[request.Network ?? "bridge"] = request.NetworkAliases;
        containers[container.Id] = container;
        Say(container, "create", now);
        return container.Id;
    }

    private bool Start(RecordedContainer container, DateTimeOffset now)
    {
        if (container.IsUp)
        {
            return false;
        }

        foreach (var network in container.Networks.Keys.Where(n => !networks.ContainsKey(n)))
        {
            throw new EngineException(EngineErrorKind.NotFound, $"network {network} not found");
        }

        foreach (var file in container.Request.Files.Where(file => !IsOnHost(file.Source)))
        {
            throw new EngineException(
                EngineErrorKind.Invalid,
                $"start {container.Request.Name}: bind source path does not exist: {file.Source}"
            );
        }

        var ports = container.Request.Ports.Select(p => (p.HostPort, p.Protocol)).ToHashSet();
        if (containers.Values.Any(c => c.IsUp && c.Request.Ports.Any(p => ports.Contains((p.HostPort, p.Protocol)))))
        {
            throw new EngineException(EngineErrorKind.Server, $"start {container.Request.Name}: port is already allocated");
        }

        container.StoppedByHand = false;
        container.RestartCount = 0;
        container.RestartPause = TimeSpan.Zero;
        Begin(container, now);
        return true;
    }
}
