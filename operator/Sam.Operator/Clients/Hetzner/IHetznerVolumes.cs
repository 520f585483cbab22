namespace Sam.Operator.Clients.Hetzner;

/// <summary>Volumes and Primary IPs: what outlives a server (https://docs.hetzner.cloud/reference/cloud#volumes).</summary>
public interface IHetznerVolumes
{
    /// <summary>Buys a volume and attaches it, without a file system. A name that is taken is a <see cref="HetznerCodes.UniquenessError"/>: look it up and adopt on exact labels.</summary>
    Task<Volume> CreateVolumeAsync(CreateVolumeRequest request, CancellationToken cancellationToken);

    /// <summary>Lists the volumes that match a label selector; a list that a delete needs is as urgent as the delete.</summary>
    Task<IReadOnlyList<Volume>> ListVolumesAsync(string labelSelector, Spending spending, CancellationToken cancellationToken);

    /// <summary>One volume by its id, which shows what a list does not show yet; null = 404. As urgent as a delete.</summary>
    Task<Volume?> GetVolumeAsync(long id, CancellationToken cancellationToken);

    /// <summary>Grows a volume to a size in GB.</summary>
    Task ResizeVolumeAsync(long id, int sizeGb, CancellationToken cancellationToken);

    /// <summary>Attaches a volume to a server of its location.</summary>
    Task AttachVolumeAsync(long id, long serverId, CancellationToken cancellationToken);

    /// <summary>Replaces a volume's labels.</summary>
    Task LabelVolumeAsync(long id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Replaces a volume's name and labels.</summary>
    Task RenameVolumeAsync(long id, string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Deletes a volume with its data; one that is attached is <see cref="DeleteOutcome.Locked"/>.</summary>
    Task<DeleteOutcome> DeleteVolumeAsync(long id, CancellationToken cancellationToken);

    /// <summary>One Primary IP by its id, which shows what a list does not show yet; null = 404. As urgent as a delete.</summary>
    Task<PrimaryIp?> GetPrimaryIpAsync(long id, CancellationToken cancellationToken);

    /// <summary>Lists the Primary IPs that match a label selector; a list that a delete needs is as urgent as the delete.</summary>
    Task<IReadOnlyList<PrimaryIp>> ListPrimaryIpsAsync(
        string labelSelector,
        Spending spending,
        CancellationToken cancellationToken
    );

    /// <summary>Makes a Primary IP outlive its server, and names and labels it.</summary>
    Task KeepPrimaryIpAsync(
        long id,
        string name,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    );

    /// <summary>Gives a server a Primary IP; the server must be off and have none of that kind.</summary>
    Task AssignPrimaryIpAsync(long id, long serverId, CancellationToken cancellationToken);

    /// <summary>Takes a Primary IP from its server, which must be off.</summary>
    Task UnassignPrimaryIpAsync(long id, CancellationToken cancellationToken);

    /// <summary>Gives a Primary IP back; one that is assigned is <see cref="DeleteOutcome.Locked"/>.</summary>
    Task<DeleteOutcome> DeletePrimaryIpAsync(long id, CancellationToken cancellationToken);
}

/// <summary>A disk of its own.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, unique in the account.</param>
/// <param name="SizeGb">Size in GB, as the provider counts.</param>
/// <param name="Location">Where it is.</param>
/// <param name="ServerId">The server it is attached to; null if to none.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="DeleteProtected">Somebody protected it against deletion.</param>
public sealed record Volume(
    long Id,
    string Name,
    int SizeGb,
    string Location,
    long? ServerId,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels,
    bool DeleteProtected
);

/// <summary>A public address.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, unique in the account.</param>
/// <param name="Address">The address.</param>
/// <param name="AssigneeId">The server that has it; null if none has.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="DeleteProtected">Somebody protected it against deletion.</param>
public sealed record PrimaryIp(
    long Id,
    string Name,
    string Address,
    long? AssigneeId,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels,
    bool DeleteProtected
);

/// <summary>A volume to buy, for one server.</summary>
/// <param name="Name">Unique name; the fence against a second actor.</param>
/// <param name="SizeGb">Size in GB.</param>
/// <param name="ServerId">Server to attach it to; it is made in that server's location.</param>
/// <param name="Labels">Its labels.</param>
public sealed record CreateVolumeRequest(string Name, int SizeGb, long ServerId, IReadOnlyDictionary<string, string> Labels);
