namespace Sam.Operator.Clients.Hetzner;

/// <summary>One server as the provider lists it.</summary>
public sealed record Server(long Id, string Name, ServerStatus Status, DateTimeOffset Created)
{
    /// <summary>Public IPv4 address; null while none is assigned.</summary>
    public string? PublicIPv4 { get; init; }

    /// <summary>Id of the Primary IP behind <see cref="PublicIPv4"/>.</summary>
    public long? PrimaryIPv4Id { get; init; }

    /// <summary>Public IPv6 network in CIDR form; null while none is assigned.</summary>
    public string? PublicIPv6 { get; init; }

    /// <summary>Address in the first private network it joined; null if it is in none.</summary>
    public string? PrivateIPv4 { get; init; }

    public required string ServerType { get; init; }

    /// <summary>Name of the location, e.g. `fsn1`.</summary>
    public required string Location { get; init; }

    /// <summary>Name of the image, or its id in digits if it has none; null if the image is gone.</summary>
    public string? Image { get; init; }

    /// <summary>An action holds the server; changes and deletes are refused meanwhile.</summary>
    public bool Locked { get; init; }

    /// <summary>Somebody protected the server against deletion.</summary>
    public bool DeleteProtected { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Ids of attached volumes.</summary>
    public IReadOnlyList<long> Volumes { get; init; } = [];

    /// <summary>Ids of firewalls the server is under.</summary>
    public IReadOnlyList<long> Firewalls { get; init; } = [];
}

/// <summary>The provider's word for what a server is doing.</summary>
public enum ServerStatus
{
    Unknown,
    Initializing,
    Starting,
    Running,
    Stopping,
    Off,
    Deleting,
    Migrating,
    Rebuilding,
}
