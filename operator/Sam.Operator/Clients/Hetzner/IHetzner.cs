namespace Sam.Operator.Clients.Hetzner;

/// <summary>
/// The Hetzner Cloud API with one token. Lists are whole (all pages). Failures are <see cref="HetznerException"/>; only the
/// caller's own cancellation is an <see cref="OperationCanceledException"/>.
/// </summary>
public interface IHetzner : IHetznerVolumes, IHetznerNetworks
{
    /// <summary>What the last answer said about this token's budget.</summary>
    HetznerBudget Budget { get; }

    /// <summary>Rents a server. An exception with <see cref="HetznerException.MayHaveTakenEffect"/> calls for a look-up by label.</summary>
    Task<CreateOutcome> CreateServerAsync(CreateServerRequest request, CancellationToken cancellationToken);

    /// <summary>Reads one server; null if the provider says 404.</summary>
    Task<Server?> GetServerAsync(long id, CancellationToken cancellationToken);

    /// <summary>Lists the servers that match a label selector (`managed-by=sam,sam-installation=...`).</summary>
    Task<IReadOnlyList<Server>> ListServersAsync(string labelSelector, CancellationToken cancellationToken);

    /// <summary>Finds a server by its name, which is unique in the account; null if there is none.</summary>
    Task<Server?> FindServerAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks for the end of a server.</summary>
    Task<DeleteOutcome> DeleteServerAsync(long id, CancellationToken cancellationToken);

    /// <summary>Replaces a server's labels.</summary>
    Task LabelServerAsync(long id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Reads one action; null if the provider says 404.</summary>
    Task<HetznerAction?> GetActionAsync(long id, CancellationToken cancellationToken);

    /// <summary>Cuts the power, as pulling the plug would.</summary>
    Task<HetznerAction> PowerOffAsync(long serverId, CancellationToken cancellationToken);

    /// <summary>Switches a stopped server on.</summary>
    Task<HetznerAction> PowerOnAsync(long serverId, CancellationToken cancellationToken);

    /// <summary>Lists every server type with its prices and locations.</summary>
    Task<IReadOnlyList<ServerType>> ListServerTypesAsync(CancellationToken cancellationToken);

    /// <summary>What an IPv4 address costs beside the server, by location.</summary>
    Task<IReadOnlyList<AddressPrice>> ListIpv4PricesAsync(CancellationToken cancellationToken);

    /// <summary>Lists every location.</summary>
    Task<IReadOnlyList<Location>> ListLocationsAsync(CancellationToken cancellationToken);

    /// <summary>Lists the images of a name for an architecture.</summary>
    Task<IReadOnlyList<HetznerImage>> ListImagesAsync(
        string name,
        CpuArchitecture architecture,
        CancellationToken cancellationToken
    );

    /// <summary>Lists stored SSH keys; null lists all.</summary>
    Task<IReadOnlyList<SshKey>> ListSshKeysAsync(string? labelSelector, CancellationToken cancellationToken);

    /// <summary>Stores a public key, or returns the stored one if the project already has that key (or that name with that key).</summary>
    Task<SshKey> EnsureSshKeyAsync(
        string name,
        string publicKey,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    );

    /// <summary>Removes a stored key.</summary>
    Task<DeleteOutcome> DeleteSshKeyAsync(long id, CancellationToken cancellationToken);

    /// <summary>Proves the token with one cheap read; throws <see cref="HetznerErrorKind.Unauthorized"/> if it is refused.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Hands out the one client of a token; everybody with the same token shares its budget and snapshot.</summary>
public interface IHetznerClients
{
    /// <summary>The client of this token.</summary>
    IHetzner For(HetznerToken token);

    /// <summary>The shared list of this token's servers that match a selector.</summary>
    ServerSnapshot SnapshotFor(HetznerToken token, string labelSelector);
}
