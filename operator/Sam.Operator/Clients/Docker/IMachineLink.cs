namespace Sam.Operator.Clients.Docker;

/// <summary>
/// The one seam to a Machine's engine: containers, images, networks, volumes, exec, files, events. Implemented over the Docker Engine API with
/// mutual TLS, and in memory with the same observable rules. Faults are <see cref="EngineException"/>, categorized.
/// </summary>
public interface IMachineLink
{
    /// <summary>Answers if the engine does; the cheapest proof of life.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Version and shape of the engine and its host.</summary>
    Task<EngineInfo> InfoAsync(CancellationToken cancellationToken);

    /// <summary>All containers, running or not, with these labels (all must match), each as <see cref="InspectContainerAsync"/> shows it.</summary>
    Task<IReadOnlyList<EngineContainer>> ListContainersAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    );

    /// <summary>One container by id or name; null if there is none.</summary>
    Task<EngineContainer?> InspectContainerAsync(string idOrName, CancellationToken cancellationToken);

    /// <summary>Creates and returns the id. A taken name throws with <see cref="EngineErrorKind.NameTaken"/>; a missing image with <see cref="EngineErrorKind.ImageNotFound"/>.</summary>
    Task<string> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken);

    /// <summary>Starts; a running container is left as it is.</summary>
    Task StartContainerAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops with a grace period, after which it is killed; a stopped or missing container is left as it is.</summary>
    Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes, running or not, with its anonymous volumes; a missing container is left as it is.</summary>
    Task RemoveContainerAsync(string id, CancellationToken cancellationToken);

    /// <summary>The last lines of a container's output, oldest first, bounded to 8 KiB.</summary>
    Task<string> TailLogsAsync(string id, int lines, CancellationToken cancellationToken);

    /// <summary>Makes sure that a bridge network of this name exists; an existing one is left as it is.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="labels">Labels of a new network.</param>
    /// <param name="subnet">IPv4 subnet (CIDR) of a new network; null = the engine chooses, and addresses cannot be kept.</param>
    /// <param name="isInternal">A new network has no way out.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task EnsureNetworkAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        string? subnet,
        bool isInternal,
        CancellationToken cancellationToken
    );

    /// <summary>Networks with these labels, by name.</summary>
    Task<IReadOnlyList<string>> ListNetworksAsync(
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    );

    /// <summary>Removes a network; a missing one is left as it is.</summary>
    Task RemoveNetworkAsync(string name, CancellationToken cancellationToken);

    /// <summary>Connects a container to a network under these aliases; a connected one is left as it is.</summary>
    Task ConnectAsync(string network, string containerId, IReadOnlyList<string> aliases, CancellationToken cancellationToken);

    /// <summary>Disconnects; what is not connected is left as it is.</summary>
    Task DisconnectAsync(string network, string containerId, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a connected container exactly these aliases under its present address, so that connections in flight go on (Docker has no call for it:
    /// disconnect, and connect again at once). The network must have a subnet of its own (<see cref="EnsureNetworkAsync"/> with one).
    /// </summary>
    Task RealiasAsync(string network, string containerId, IReadOnlyList<string> aliases, CancellationToken cancellationToken);

    /// <summary>Makes sure that a local volume of this name exists; an existing one is left as it is.</summary>
    Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Volumes with these labels, by name.</summary>
    Task<IReadOnlyList<string>> ListVolumesAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Removes a volume; a missing one is left as it is.</summary>
    Task RemoveVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks the registry, through the engine, for the digest of a reference: <c>sha256:...</c>. A missing one throws <see cref="EngineErrorKind.ImageNotFound"/>.</summary>
    Task<string> ResolveDigestAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken);

    /// <summary>Pulls by reference (<c>name@sha256:...</c> or a tag) and reads the stream to its end, where errors stand.</summary>
    Task PullImageAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken);

    /// <summary>Whether the engine holds the image.</summary>
    Task<bool> HasImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>All images that the engine holds.</summary>
    Task<IReadOnlyList<EngineImage>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes a reference, and the image with it if no other reference leads to it; never by force. False if a container, running or not, uses it; a
    /// missing one is left as it is.
    /// </summary>
    Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Runs a command in a running container to its end, with these bytes as its standard input.</summary>
    Task<ExecResult> ExecAsync(
        string containerId,
        IReadOnlyList<string> command,
        ReadOnlyMemory<byte> standardInput,
        CancellationToken cancellationToken
    );

    /// <summary>Prepares a command in a running container and returns its id. Nothing runs yet; what is never started goes with its container.</summary>
    Task<string> CreateExecAsync(string containerId, IReadOnlyList<string> command, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a prepared command and follows it to its end; its error output keeps the last part. A command starts once at most, whoever asks: a second
    /// start throws <see cref="EngineErrorKind.Conflict"/>. It runs on in its container when nobody follows it any more.
    /// </summary>
    Task<ExecResult> StartExecAsync(string execId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>How a prepared command stands; null if the engine does not know it (any more).</summary>
    Task<ExecState?> InspectExecAsync(string execId, CancellationToken cancellationToken);

    /// <summary>Writes one file into a container, running or not. The folder must exist.</summary>
    Task PutFileAsync(string containerId, EngineFile file, CancellationToken cancellationToken);

    /// <summary>Whether a container, running or not, has something at a path.</summary>
    Task<bool> HasFileAsync(string containerId, string path, CancellationToken cancellationToken);

    /// <summary>Reads one file of a container, running or not, up to 4 MiB; null if there is none.</summary>
    Task<byte[]?> GetFileAsync(string containerId, string path, CancellationToken cancellationToken);

    /// <summary>A folder of a container, running or not, with all below it as a tar archive that begins with the folder's own name; null if it is missing. At most 64 MiB.</summary>
    Task<byte[]?> GetFolderAsync(string containerId, string path, CancellationToken cancellationToken);

    /// <summary>Unpacks such an archive into a folder that is there, with owners and modes as they were.</summary>
    Task PutFolderAsync(string containerId, string path, ReadOnlyMemory<byte> archive, CancellationToken cancellationToken);

    /// <summary>Events as they come; ends with an exception when the connection does.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="opened">Told once, when whatever happens from then on will be told.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<EngineEvent> WatchEventsAsync(EngineEventFilter filter, Action opened, CancellationToken cancellationToken);
}

/// <summary>One file to write. Its content is never printed.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Content">Its bytes.</param>
public sealed record EngineFile(string Path, ReadOnlyMemory<byte> Content)
{
    /// <summary>Permission bits; for root alone unless told.</summary>
    public int Mode { get; init; } = 0x180; // 0600

    /// <summary>Owner.</summary>
    public int Uid { get; init; }

    /// <summary>Group.</summary>
    public int Gid { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>Opens links; a link is pooled per Machine, connects lazily and reconnects with back-off.</summary>
public interface IMachineLinks
{
    /// <summary>The link to one Machine's engine.</summary>
    IMachineLink For(MachineEndpoint endpoint);

    /// <summary>Closes what is open to a Machine that is gone.</summary>
    void Forget(string machineId);

    /// <summary>A server of this Machine is being made, or taken over: also of one that was gone.</summary>
    void Expect(string machineId);
}

/// <summary>Where a Machine's engine answers and what key it must show.</summary>
/// <param name="MachineId">The Machine's id.</param>
/// <param name="Address">IP address.</param>
/// <param name="Port">TCP port; 2376 unless told.</param>
public sealed record MachineEndpoint(string MachineId, string Address, int Port = 2376);
