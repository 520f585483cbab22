using k8s.Models;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>One VM at a cloud provider. Made by SAM; readable by all.</summary>
[KubernetesEntity(Group = Names.Group, ApiVersion = Names.Version, Kind = "Machine", PluralName = "machines")]
[ShortNames("mach")]
[SelectableField(".spec.machineId")]
[SelectableField(".spec.role")]
[SelectableField(".spec.projectRef.name")]
[SelectableField(".status.phase")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Phase", ".status.phase")]
[PrinterColumn("Type", ".status.serverType")]
[PrinterColumn("Location", ".status.location")]
[PrinterColumn("IPv4", ".status.publicIPv4")]
[PrinterColumn("Server", ".status.serverId", Type = "integer", Wide = true)]
[PrinterColumn("Role", ".spec.role", Wide = true)]
[PrinterColumn("Engine", ".status.engineVersion", Wide = true)]
[PrinterColumn("Price/h", ".status.hourlyPrice", Wide = true)]
[PrinterColumn("Cost", ".status.accruedCost", Wide = true)]
public sealed class Machine : Resource<MachineSpec, MachineStatus>;

/// <summary>What a Machine is used for.</summary>
public enum MachineRole
{
    /// <summary>Runs Workspaces.</summary>
    Workspace,

    /// <summary>Runs ComposeApps.</summary>
    Deployment,
}

/// <summary>What a Machine asks for.</summary>
public sealed record MachineSpec
{
    /// <summary>Random identity, written when SAM creates the object; the server's name and key derive from it.</summary>
    [Required, Immutable("it is the VM's identity; delete the Machine instead")]
    [Length(12, 32), Pattern("^[a-z0-9]+$")]
    public string MachineId { get; set; } = "";

    /// <summary>What the Machine is used for.</summary>
    [Required, Immutable("delete the Machine instead")]
    public MachineRole Role { get; set; }

    /// <summary>The Project whose credential pays.</summary>
    [Immutable("its credential bought the server; delete the Machine instead")]
    public LocalReference? ProjectRef { get; set; }

    /// <summary>Cloud provider to rent from.</summary>
    [Default("Hetzner"), Immutable("delete the Machine instead")]
    public CloudProvider Provider { get; set; }

    /// <summary>Offers in order; the next one is tried when the provider has no capacity.</summary>
    [Required, ListAtomic, MaxItems(30)]
    public IList<MachineOffer> Offers { get; set; } = [];

    /// <summary>Image of the VM by its name at the provider.</summary>
    [Default("docker-ce"), Length(1, 64), Pattern("^[a-z0-9.-]+$")]
    public string Image { get; set; } = "docker-ce";

    /// <summary>Highest gross price in EUR per hour; offers above it are not bought.</summary>
    [Pattern("^[0-9]+(\\.[0-9]+)?$"), Length(1, 16)]
    public string? MaxHourlyPrice { get; set; }

    /// <summary>Retain keeps the server when the Machine is deleted, and names it in an event.</summary>
    [Default("Delete")]
    public DeletionPolicy DeletionPolicy { get; set; }
}

/// <summary>Something that can be bought.</summary>
public sealed record MachineOffer
{
    /// <summary>Server type of the provider, such as <c>cx33</c>.</summary>
    [Required, Length(1, 32), Pattern("^[a-z0-9-]+$")]
    public string ServerType { get; set; } = "";

    /// <summary>Location of the provider, such as <c>fsn1</c>.</summary>
    [Required, Length(1, 32), Pattern("^[a-z0-9-]+$")]
    public string Location { get; set; } = "";
}

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

    /// <summary>Gross cost in EUR so far: started hours, at most the monthly price a calendar month, IPv4 address included.</summary>
    public string? AccruedCost { get; set; }

    /// <summary>Offers that were tried, latest last.</summary>
    [ListAtomic, MaxItems(20)]
    public IList<MachineAttempt> Attempts { get; set; } = [];

    /// <summary>Whose credential pays; once something is bought, the platform's stays the platform's, and a user's own a user's own.</summary>
    public CredentialSource? CredentialSource { get; set; }

    /// <summary>Secret of the operator's namespace that holds the copy of the credential that pays.</summary>
    public string? CredentialCopy { get; set; }
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
