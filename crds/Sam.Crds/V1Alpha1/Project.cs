using k8s.Models;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>A repository, and the credentials and defaults that apply to work on it.</summary>
[KubernetesEntity(Group = Names.Group, ApiVersion = Names.Version, Kind = "Project", PluralName = "projects")]
[ShortNames("sproj")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Repository", ".spec.repository.name")]
[PrinterColumn("Locations", ".spec.cloud.locations", Wide = true)]
public sealed class Project : Resource<ProjectSpec, ProjectStatus>;

/// <summary>What a Project asks for.</summary>
public sealed record ProjectSpec
{
    /// <summary>The repository that the Project is about.</summary>
    public RepositorySpec? Repository { get; set; }

    /// <summary>Default VM for everything in the Project.</summary>
    public CloudSpec? Cloud { get; set; }

    /// <summary>Credentials per consumer; the first layer of the resolver, before Secrets labelled <c>sam.dev/credential</c>.</summary>
    [ListMap("consumer"), MaxItems(32)]
    public IList<ProjectCredential> Credentials { get; set; } = [];
}

/// <summary>A GitHub repository.</summary>
public sealed record RepositorySpec
{
    /// <summary>Owner: a user or an organization.</summary>
    [Required, Length(1, 39), Pattern("^[A-Za-z0-9-]+$")]
    public string Owner { get; set; } = "";

    /// <summary>Name of the repository.</summary>
    [Required, Length(1, 100), Pattern("^[A-Za-z0-9._-]+$")]
    public string Name { get; set; } = "";

    /// <summary>Numeric id at GitHub; learned if absent, then enforced.</summary>
    [Bounds(1, long.MaxValue)]
    public long? Id { get; set; }
}

/// <summary>A credential of the Project for one consumer.</summary>
public sealed record ProjectCredential
{
    /// <summary>What the credential is for, such as <c>hetzner</c>.</summary>
    [Required, Length(1, 63), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Consumer { get; set; } = "";

    /// <summary>The Secret that holds it.</summary>
    [Required]
    public SecretKeyReference SecretRef { get; set; } = new();

    /// <summary>False halts the consumer: no other layer is asked.</summary>
    [Default(true)]
    public bool Enabled { get; set; } = true;
}

/// <summary>What was found about a Project.</summary>
public sealed class ProjectStatus : ConditionedStatus
{
    /// <summary>Per consumer: where its credential comes from, never its value.</summary>
    [ListMap("consumer"), MaxItems(32)]
    public IList<CredentialStatus> Credentials { get; set; } = [];
}

/// <summary>Where a credential comes from.</summary>
public enum CredentialSource
{
    /// <summary>No layer has one.</summary>
    Unresolved,

    /// <summary>A layer forbids or breaks it; no other layer is asked.</summary>
    Halted,

    /// <summary>An entry of the Project.</summary>
    Project,

    /// <summary>A labelled Secret of the namespace.</summary>
    Namespace,

    /// <summary>A default of the operator.</summary>
    Platform,
}

/// <summary>Where one consumer's credential comes from.</summary>
public sealed record CredentialStatus
{
    /// <summary>What the credential is for.</summary>
    [Required]
    public string Consumer { get; set; } = "";

    /// <summary>Which layer it comes from.</summary>
    public CredentialSource Source { get; set; }

    /// <summary>Name of the Secret, if one was found.</summary>
    public string? SecretName { get; set; }

    /// <summary>Why it is as it is.</summary>
    public string? Reason { get; set; }
}
