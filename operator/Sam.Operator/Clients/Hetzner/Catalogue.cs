namespace Sam.Operator.Clients.Hetzner;

/// <summary>A size that can be rented, with what it costs where.</summary>
public sealed record ServerType(long Id, string Name)
{
    public required string Description { get; init; }
    public required int Cores { get; init; }
    public required decimal MemoryGb { get; init; }
    public required int DiskGb { get; init; }
    public required CpuArchitecture Architecture { get; init; }

    /// <summary>Whether the cores are the server's alone.</summary>
    public bool DedicatedCpu { get; init; }

    /// <summary>Deprecated everywhere (the old, type-wide field).</summary>
    public Deprecation? Deprecation { get; init; }

    /// <summary>Prices by location; a location without one does not sell the type.</summary>
    public required IReadOnlyList<ServerTypePrice> Prices { get; init; }

    /// <summary>Where the type is sold, and how well that is going; the flag does not predict a create.</summary>
    public required IReadOnlyList<ServerTypeLocation> Locations { get; init; }
}

/// <summary>What one server type costs in one location, in EUR without VAT.</summary>
public sealed record ServerTypePrice(
    string Location,
    decimal HourlyNet,
    decimal MonthlyNet,
    decimal HourlyGross,
    decimal MonthlyGross
);

/// <summary>What a Primary IPv4 address costs in one location, in EUR with VAT.</summary>
public sealed record AddressPrice(string Location, decimal HourlyGross, decimal MonthlyGross);

/// <summary>One server type in one location.</summary>
public sealed record ServerTypeLocation(string Name, bool Available, bool Recommended, Deprecation? Deprecation);

/// <summary>When something was announced to end, and when it can no longer be ordered.</summary>
public sealed record Deprecation(DateTimeOffset Announced, DateTimeOffset UnavailableAfter);

/// <summary>A place where servers run.</summary>
public sealed record Location(long Id, string Name, string Description, string Country, string City, string NetworkZone);

/// <summary>Something a server can be created from.</summary>
public sealed record HetznerImage(long Id, string? Name)
{
    public required string Description { get; init; }
    public required CpuArchitecture Architecture { get; init; }

    /// <summary>`system`, `app`, `snapshot` or `backup`.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it can be used now.</summary>
    public bool Available { get; init; }

    /// <summary>Since when it is deprecated, if it is.</summary>
    public DateTimeOffset? Deprecated { get; init; }
}

/// <summary>A public key stored at the provider.</summary>
public sealed record SshKey(
    long Id,
    string Name,
    string Fingerprint,
    string PublicKey,
    DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Labels
);

/// <summary>The instruction set of a server type or an image.</summary>
public enum CpuArchitecture
{
    Unknown,
    X86,
    Arm,
}
