using k8s.Models;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>A long-lived VM that serves Compose apps behind Caddy.</summary>
[KubernetesEntity(Group = Names.Group, ApiVersion = Names.Version, Kind = "DeploymentNode", PluralName = "deploymentnodes")]
[ShortNames("dnode")]
[SelectableField(".spec.projectRef.name")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Domain", ".spec.domain")]
[PrinterColumn("IPv4", ".status.publicIPv4")]
[PrinterColumn("Apps", ".status.appCount", Type = "integer")]
[PrinterColumn("Machine", ".status.machineRef.name", Wide = true)]
[PrinterColumn("TLS", ".spec.tls", Wide = true)]
public sealed class DeploymentNode : Resource<DeploymentNodeSpec, DeploymentNodeStatus>;

/// <summary>Who signs the certificates.</summary>
public enum TlsMode
{
    /// <summary>A public authority, by ACME (RFC 8555).</summary>
    ACME,

    /// <summary>Caddy's own authority on the node; for trials and private networks.</summary>
    Internal,
}

/// <summary>What a DeploymentNode asks for.</summary>
public sealed record DeploymentNodeSpec
{
    /// <summary>The Project whose credential pays and whose defaults apply.</summary>
    [Required]
    public LocalReference ProjectRef { get; set; } = new();

    /// <summary>Which VM to rent and where; what is left out comes from the Project.</summary>
    public CloudSpec? Cloud { get; set; }

    /// <summary>Domain whose hosts point at the node; a route without a host is served at <c>NAME.NAMESPACE.DOMAIN</c>.</summary>
    [Length(1, 200), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")]
    public string? Domain { get; set; }

    /// <summary>Who signs the certificates.</summary>
    [Default("ACME")]
    public TlsMode Tls { get; set; }

    /// <summary>Account and server for ACME.</summary>
    public AcmeSpec? Acme { get; set; }

    /// <summary>How hosts that are neither the domain nor below it are proven before they are served.</summary>
    [Default("None")]
    public HostVerification HostVerification { get; set; }

    /// <summary>Makes a DNSEndpoint (external-dns) for each app, whose hosts lead to the node's addresses.</summary>
    public bool? DnsEndpoint { get; set; }

    /// <summary>Image of Caddy.</summary>
    [Default("docker.io/library/caddy:2"), Length(1, 500)]
    public string CaddyImage { get; set; } = "docker.io/library/caddy:2";

    /// <summary>Disks of their own that outlive the VM.</summary>
    [ListMap("name"), MaxItems(16)]
    public IList<MachineVolume>? Volumes { get; set; }

    /// <summary>Kept makes the public IPv4 address outlive the VM, so that DNS stays when the VM is replaced; it goes with the node.</summary>
    [Default("Ephemeral")]
    public AddressPolicy Address { get; set; }

    /// <summary>Retain keeps the server, its volumes and its address when the node is deleted, and names them in an event.</summary>
    [Default("Delete")]
    public DeletionPolicy DeletionPolicy { get; set; }
}

/// <summary>Account and server for ACME.</summary>
public sealed record AcmeSpec
{
    /// <summary>Mail address for the account.</summary>
    [Length(3, 254), Pattern("^[^@\\s]+@[^@\\s]+$")]
    public string? Email { get; set; }

    /// <summary>Directory URL of the authority; Let's Encrypt if absent.</summary>
    [Length(8, 500), Pattern("^https://")]
    public string? CaServer { get; set; }
}

/// <summary>What was found about a DeploymentNode.</summary>
public sealed class DeploymentNodeStatus : ConditionedStatus
{
    /// <summary>How many certificates are shown.</summary>
    public const int MostCertificates = 500;

    /// <summary>The Machine that the node runs on.</summary>
    public LocalReference? MachineRef { get; set; }

    /// <summary>Identity of the Machine, chosen before it is created.</summary>
    public string? MachineId { get; set; }

    /// <summary>Id of the server that was taken over instead of having one bought.</summary>
    public long? AdoptedServerId { get; set; }

    /// <summary>Public IPv4 address; point the domain at it.</summary>
    public string? PublicIPv4 { get; set; }

    /// <summary>Public IPv6 network.</summary>
    public string? PublicIPv6 { get; set; }

    /// <summary>How many apps are on the node.</summary>
    public int AppCount { get; set; }

    /// <summary>Apps on the node and the routes that Caddy serves for them.</summary>
    [ListMap("uid"), MaxItems(200)]
    public IList<NodeAppStatus> Apps { get; set; } = [];

    /// <summary>What Caddy was told.</summary>
    public CaddyStatus? Caddy { get; set; }

    /// <summary>Certificates of the hosts that Caddy serves.</summary>
    [ListMap("host"), MaxItems(MostCertificates)]
    public IList<CertificateStatus>? Certificates { get; set; }

    /// <summary>Version of the Docker Engine.</summary>
    public string? EngineVersion { get; set; }

    /// <summary>The disk that holds images, volumes and logs.</summary>
    public NodeDisk? Disk { get; set; }

    /// <summary>The replacement of the VM that is going on.</summary>
    public NodeReplacement? Replacement { get; set; }

    /// <summary>The last one that was done.</summary>
    public NodeReplaced? LastReplacement { get; set; }
}

/// <summary>An app as the node sees it.</summary>
public sealed record NodeAppStatus
{
    /// <summary>UID of the ComposeApp.</summary>
    [Required]
    public string Uid { get; set; } = "";

    /// <summary>Name of the ComposeApp.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Hash of the app's routes that Caddy serves; the app compares it with its own.</summary>
    public string? RoutesHash { get; set; }
}

/// <summary>What Caddy was told.</summary>
public sealed record CaddyStatus
{
    /// <summary>Hash of the document that Caddy runs.</summary>
    public string? ConfigHash { get; set; }

    /// <summary>Id of Caddy's container.</summary>
    public string? ContainerId { get; set; }

    /// <summary>Version of Caddy, as it says itself.</summary>
    public string? Version { get; set; }

    /// <summary>Root certificate (PEM) that verifies the node's sites while <c>tls</c> is Internal.</summary>
    public string? RootCertificate { get; set; }
}

/// <summary>A node's disk.</summary>
public sealed record NodeDisk
{
    /// <summary>Used part in percent, of what is not reserved for root.</summary>
    public int UsedPercent { get; set; }

    /// <summary>Its size.</summary>
    public long SizeGiB { get; set; }
}
