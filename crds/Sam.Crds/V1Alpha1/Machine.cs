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

    /// <summary>Retain keeps the server, its volumes and its address when the Machine is deleted, and names them in an event.</summary>
    [Default("Delete")]
    public DeletionPolicy DeletionPolicy { get; set; }

    /// <summary>Architecture that was asked for; an offer of another one is not bought.</summary>
    [Immutable("delete the Machine instead")]
    public MachineArchitecture? Architecture { get; set; }

    /// <summary>Public keys of people who may log in as root in an emergency; written at the first boot.</summary>
    [ListSet, MaxItems(20), Length(16, 1024)]
    public IList<string>? SshKeys { get; set; }

    /// <summary>Name of a private network at the provider that the server joins.</summary>
    [Length(1, 63)]
    [Immutable("a server joins it when it is made; delete the Machine instead")]
    public string? Network { get; set; }

    /// <summary>Disks of their own that outlive the server.</summary>
    [ListMap("name"), MaxItems(16)]
    public IList<MachineVolume>? Volumes { get; set; }

    /// <summary>Kept makes the public IPv4 address outlive the server; it goes with the Machine.</summary>
    [Default("Ephemeral")]
    public AddressPolicy Address { get; set; }

    /// <summary>Id of an address at the provider that the server is made with, such as the one of the Machine that this one replaces.</summary>
    [Bounds(1, long.MaxValue), Immutable("a server takes it when it is made; delete the Machine instead")]
    public long? PrimaryIPv4Id { get; set; }

    /// <summary>Id of the Machine whose volumes and kept address come to this one once that one is gone; absent again once they have.</summary>
    [Length(12, 32), Pattern("^[a-z0-9]+$")]
    public string? TakesOverFrom { get; set; }

    /// <summary>Id of the Machine that gets volumes and kept address when this one is deleted, whatever its policies say.</summary>
    [Length(12, 32), Pattern("^[a-z0-9]+$")]
    public string? HandOverTo { get; set; }

    /// <summary>Id of a server at the provider that the Machine takes over instead of buying one; its labels must be this Machine's.</summary>
    [Bounds(1, long.MaxValue), Immutable("delete the Machine instead")]
    public long? AdoptServerId { get; set; }
}

/// <summary>Whether an address outlives its server.</summary>
public enum AddressPolicy
{
    /// <summary>It goes with the server.</summary>
    Ephemeral,

    /// <summary>It stays when the server goes.</summary>
    Kept,
}

/// <summary>A disk of its own (Hetzner volume), in the server's location.</summary>
[Rule("self.sizeGiB >= oldSelf.sizeGiB", "a volume only grows; make another one and move the data")]
public sealed record MachineVolume
{
    /// <summary>Name of the volume on this VM.</summary>
    [Required, Length(1, 24), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Name { get; set; } = "";

    /// <summary>Size in GiB; it only grows.</summary>
    [Required, Bounds(10, 10_240)]
    public int SizeGiB { get; set; }

    /// <summary>Delete gives the volume and its data back with the Machine; Retain keeps it and names it in an event.</summary>
    [Default("Retain")]
    public DeletionPolicy DeletionPolicy { get; set; } = DeletionPolicy.Retain;
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
