using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Where a Machine is in its life.</summary>
public enum MachinePhase
{
    /// <summary>Nothing was bought yet.</summary>
    Pending,

    /// <summary>The provider makes the server.</summary>
    Creating,

    /// <summary>The server runs, the engine does not answer yet.</summary>
    Booting,

    /// <summary>The engine answers with the pinned key.</summary>
    Ready,

    /// <summary>Was ready, and does not answer now.</summary>
    Unreachable,

    /// <summary>Being given back.</summary>
    Deleting,

    /// <summary>Stalled; the conditions say why.</summary>
    Failed,
}

/// <summary>What was found about a Machine.</summary>
public sealed class MachineStatus : ConditionedStatus
{
    /// <summary>Where the Machine is in its life; derived from the conditions.</summary>
    public MachinePhase Phase { get; set; }

    /// <summary>The claim before a create call: which offer, when; absent once the server is known.</summary>
    public MachineClaim? Claim { get; set; }

    /// <summary>Id of the server at the provider.</summary>
    public long? ServerId { get; set; }

    /// <summary>Server type that was bought.</summary>
    public string? ServerType { get; set; }

    /// <summary>Location where it stands.</summary>
    public string? Location { get; set; }

    /// <summary>Public IPv4 address.</summary>
    public string? PublicIPv4 { get; set; }

    /// <summary>Public IPv6 network.</summary>
    public string? PublicIPv6 { get; set; }

    /// <summary>Address in the private network.</summary>
    public string? PrivateIPv4 { get; set; }

    /// <summary>Id at the provider of the address that is kept.</summary>
    public long? PrimaryIPv4Id { get; set; }

    /// <summary>The server is switched off for a moment, to take over the address of the Machine that it replaced.</summary>
    public bool? AddressMoving { get; set; }

    /// <summary>Disks of its own, as the provider shows them.</summary>
    [ListMap("name"), MaxItems(16)]
    public IList<MachineVolumeStatus> Volumes { get; set; } = [];

    /// <summary>Since when every offer is refused for want of capacity (RFC 3339); absent while none is waited for.</summary>
    public DateTimeOffset? WaitingForCapacitySince { get; set; }

    /// <summary>When nothing was left at the provider, on the way to the Machine's end (RFC 3339).</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>SHA-256 of the engine's pinned public key (SubjectPublicKeyInfo), base64.</summary>
    public string? EngineKey { get; set; }

    /// <summary>Version of the Docker Engine.</summary>
    public string? EngineVersion { get; set; }

    /// <summary>When the engine answered for the first time (RFC 3339).</summary>
    public DateTimeOffset? BootedAt { get; set; }

    /// <summary>Gross price in EUR per started hour, without the IPv4 address.</summary>
    public string? HourlyPrice { get; set; }

    /// <summary>Prices that it was bought at; the cost is counted with them.</summary>
    public MachinePrice? Price { get; set; }

    /// <summary>When the provider made the server (RFC 3339).</summary>
    public DateTimeOffset? ServerCreatedAt { get; set; }

    /// <summary>When the server was seen to be gone (RFC 3339); it costs nothing from then on.</summary>
    public DateTimeOffset? ServerEndedAt { get; set; }

    /// <summary>Gross cost in EUR so far: started hours, at most the monthly price a calendar month, IPv4 address included.</summary>
    public string? AccruedCost { get; set; }

    /// <summary>Offers that were tried, latest last.</summary>
    [ListAtomic, MaxItems(20)]
    public IList<MachineAttempt> Attempts { get; set; } = [];

    /// <summary>What the provider would not build, until it is asked again; absent if it refused nothing for good.</summary>
    public MachineRejection? Rejection { get; set; }

    /// <summary>Whose credential pays; once something is bought, the platform's stays the platform's, and a user's own a user's own.</summary>
    public CredentialSource? CredentialSource { get; set; }

    /// <summary>Secret of the operator's namespace that holds the copy of the credential that pays.</summary>
    public string? CredentialCopy { get; set; }
}

/// <summary>A disk of a Machine at the provider.</summary>
public sealed record MachineVolumeStatus
{
    /// <summary>Name of the volume on this VM.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Id at the provider.</summary>
    [Required]
    public long Id { get; set; }

    /// <summary>Size in GiB, as the provider shows it.</summary>
    public int SizeGiB { get; set; }

    /// <summary>Where it is mounted on the VM.</summary>
    public string? Path { get; set; }

    /// <summary>False until it was attached to this server for the first time; absent from then on.</summary>
    public bool? Attached { get; set; }
}

/// <summary>Intent to buy, made durable before the call that costs money.</summary>
public sealed record MachineClaim
{
    /// <summary>Server type that is being bought.</summary>
    [Required]
    public string ServerType { get; set; } = "";

    /// <summary>Location where it is being bought.</summary>
    [Required]
    public string Location { get; set; } = "";

    /// <summary>When it was claimed (RFC 3339).</summary>
    [Required]
    public DateTimeOffset At { get; set; }
}

/// <summary>An order that the provider refused for what it is.</summary>
public sealed record MachineRejection
{
    /// <summary>Generation of the Machine that was refused; a changed spec is tried at once.</summary>
    [Required]
    public long Generation { get; set; }

    /// <summary>What the provider said.</summary>
    [Required]
    public string Message { get; set; } = "";

    /// <summary>When it is asked again (RFC 3339).</summary>
    [Required]
    public DateTimeOffset Until { get; set; }
}

/// <summary>Gross prices in EUR.</summary>
public sealed record MachinePrice
{
    /// <summary>The server, a started hour.</summary>
    [Required]
    public string Hourly { get; set; } = "";

    /// <summary>The server, a calendar month at most.</summary>
    [Required]
    public string Monthly { get; set; } = "";

    /// <summary>Its IPv4 address, a started hour.</summary>
    [Required]
    public string Ipv4Hourly { get; set; } = "";

    /// <summary>Its IPv4 address, a calendar month at most.</summary>
    [Required]
    public string Ipv4Monthly { get; set; } = "";
}

/// <summary>One offer that was tried.</summary>
public sealed record MachineAttempt
{
    /// <summary>Server type of the offer.</summary>
    [Required]
    public string ServerType { get; set; } = "";

    /// <summary>Location of the offer.</summary>
    [Required]
    public string Location { get; set; } = "";

    /// <summary>The provider's code, or <c>created</c>.</summary>
    [Required]
    public string Code { get; set; } = "";

    /// <summary>When (RFC 3339).</summary>
    [Required]
    public DateTimeOffset At { get; set; }
}
