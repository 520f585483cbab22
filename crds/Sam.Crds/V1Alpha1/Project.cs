using k8s.Models;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>A repository, and the credentials, limits and defaults that apply to work on it.</summary>
[KubernetesEntity(Group = Names.Group, ApiVersion = Names.Version, Kind = "Project", PluralName = "projects")]
[ShortNames("sproj")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Repository", ".spec.repository.name")]
[PrinterColumn("Suspended", ".spec.suspend", Type = "boolean", Wide = true)]
[PrinterColumn("Machines", ".status.usage.machines", Type = "integer", Wide = true)]
[PrinterColumn("Branch", ".status.repository.defaultBranch", Wide = true)]
[PrinterColumn("Locations", ".spec.cloud.locations", Wide = true)]
public sealed class Project : Resource<ProjectSpec, ProjectStatus>;

/// <summary>What a Project asks for.</summary>
[Rule(
    "!has(self.additionalRepositories) || size(self.additionalRepositories) == 0 || has(self.repository)",
    "set repository before additionalRepositories"
)]
[Rule(
    "!has(self.github) || !has(self.credentials) || self.credentials.all(c, c.consumer != 'github')",
    "name the GitHub App in github or in credentials, not in both"
)]
public sealed record ProjectSpec
{
    /// <summary>The repository that the Project is about.</summary>
    public RepositorySpec? Repository { get; set; }

    /// <summary>Further repositories that the Project's tokens may reach, each proved on its own; one that fails drops out alone.</summary>
    [ListMap("owner", "name"), MaxItems(20)]
    public IList<RepositorySpec> AdditionalRepositories { get; set; } = [];

    /// <summary>How GitHub is reached; without it nothing at GitHub is verified, and no token is minted but with a platform App.</summary>
    public GitHubSpec? Github { get; set; }

    /// <summary>Default VM for everything in the Project.</summary>
    public CloudSpec? Cloud { get; set; }

    /// <summary>Credentials per consumer; the first layer of the resolver, before Secrets labelled <c>sam.dev/credential</c>.</summary>
    [ListMap("consumer"), MaxItems(32)]
    public IList<ProjectCredential> Credentials { get; set; } = [];

    /// <summary>Whether the operator's own credentials may be used where the Project and its namespace have none; the platform policy decides too.</summary>
    [Default("OwnOnly")]
    public CredentialPolicy CredentialPolicy { get; set; }

    /// <summary>True stops all new work; what runs goes on.</summary>
    [Default(false)]
    public bool Suspend { get; set; }

    /// <summary>How much the Project may use at once.</summary>
    [Default("""{"machines":10,"workspaces":20,"activeTasks":10,"childrenPerTask":5,"taskDepth":3}""")]
    public ProjectLimits Limits { get; set; } = new();

    /// <summary>Secrets that SAM keeps fresh in the namespace for other tools: short-lived tokens of GitHub and of registries.</summary>
    [ListMap("name"), MaxItems(20)]
    public IList<TokenSecretSpec> TokenSecrets { get; set; } = [];
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

/// <summary>How GitHub is reached.</summary>
public sealed record GitHubSpec
{
    /// <summary>Secret of a GitHub App: keys <c>appId</c> and <c>privateKey</c> (PEM, PKCS#1 or PKCS#8, or base64 of it).</summary>
    [Required]
    public LocalReference AppSecretRef { get; set; } = new();
}

/// <summary>How much a Project may use at once; lowering a limit ends nothing that runs.</summary>
public sealed record ProjectLimits
{
    /// <summary>Most VMs.</summary>
    [Default(10), Bounds(0, 100)]
    public int Machines { get; set; } = 10;

    /// <summary>Most Workspaces.</summary>
    [Default(20), Bounds(0, 200)]
    public int Workspaces { get; set; } = 20;

    /// <summary>Most AgentTasks that are not finished.</summary>
    [Default(10), Bounds(0, 200)]
    public int ActiveTasks { get; set; } = 10;

    /// <summary>Most AgentTasks that one AgentTask may start.</summary>
    [Default(5), Bounds(0, 50)]
    public int ChildrenPerTask { get; set; } = 5;

    /// <summary>How deep AgentTasks may start each other.</summary>
    [Default(3), Bounds(0, 10)]
    public int TaskDepth { get; set; } = 3;
}
