using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>What was found about a Project.</summary>
public sealed class ProjectStatus : ConditionedStatus
{
    /// <summary>The repository as GitHub showed it when it was last proved.</summary>
    public RepositoryStatus? Repository { get; set; }

    /// <summary>All repositories of the Project, the primary one first.</summary>
    [ListMap("fullName"), MaxItems(21)]
    public IList<VerifiedRepository> Repositories { get; set; } = [];

    /// <summary>Per consumer: where its credential comes from, never its value.</summary>
    [ListMap("consumer"), MaxItems(64)]
    public IList<CredentialStatus> Credentials { get; set; } = [];

    /// <summary>Per agent: whether its credential is there, and from where.</summary>
    [ListMap("type"), MaxItems(16)]
    public IList<AgentStatus> Agents { get; set; } = [];

    /// <summary>What the Project uses of its limits.</summary>
    public ProjectUsage? Usage { get; set; }

    /// <summary>Paths of devcontainer configurations in the repository's default branch.</summary>
    [ListAtomic, MaxItems(50)]
    public IList<string> Devcontainers { get; set; } = [];

    /// <summary>The Secrets of <c>spec.tokenSecrets</c> as they stand.</summary>
    [ListMap("name"), MaxItems(20)]
    public IList<TokenSecretStatus> TokenSecrets { get; set; } = [];
}

/// <summary>The primary repository as GitHub showed it.</summary>
public sealed record RepositoryStatus
{
    /// <summary>Numeric id; once it is here, another id under the same name is refused.</summary>
    public long? Id { get; set; }

    /// <summary>Owner and name as GitHub writes them.</summary>
    public string? FullName { get; set; }

    /// <summary>The default branch.</summary>
    public string? DefaultBranch { get; set; }

    /// <summary>Whether the repository is private.</summary>
    public bool? Private { get; set; }

    /// <summary>The installation of the App that reaches it.</summary>
    public long? InstallationId { get; set; }

    /// <summary>When it was last proved by name and id (RFC 3339).</summary>
    public DateTimeOffset? VerifiedAt { get; set; }
}

/// <summary>One repository of the Project.</summary>
public sealed record VerifiedRepository
{
    /// <summary>Owner and name.</summary>
    [Required]
    public string FullName { get; set; } = "";

    /// <summary>Numeric id at GitHub.</summary>
    public long? Id { get; set; }

    /// <summary>Whether it was proved; tokens reach only what was.</summary>
    public bool Verified { get; set; }

    /// <summary>Why it was not, in one word.</summary>
    public string? Reason { get; set; }
}

/// <summary>AI agents that SAM runs.</summary>
public enum AgentType
{
    /// <summary>Claude Code of Anthropic.</summary>
    ClaudeCode,

    /// <summary>Codex of OpenAI.</summary>
    Codex,

    /// <summary>OpenCode.</summary>
    OpenCode,

    /// <summary>Gemini CLI of Google.</summary>
    Gemini,
}

/// <summary>Whether an agent can run in the Project.</summary>
public sealed record AgentStatus
{
    /// <summary>The agent.</summary>
    [Required]
    public AgentType Type { get; set; }

    /// <summary>Whether a credential is there that it runs on.</summary>
    public bool Available { get; set; }

    /// <summary>The consumer whose credential it runs on.</summary>
    public string? Consumer { get; set; }

    /// <summary>Where that credential comes from.</summary>
    public CredentialSource? CredentialSource { get; set; }

    /// <summary>Why it cannot run, in one word.</summary>
    public string? Reason { get; set; }
}

/// <summary>What a Project uses of its limits. One conditional write of this list decides who gets the last slot.</summary>
public sealed record ProjectUsage
{
    /// <summary>VMs.</summary>
    public int Machines { get; set; }

    /// <summary>Workspaces.</summary>
    public int Workspaces { get; set; }

    /// <summary>AgentTasks that are not finished.</summary>
    public int ActiveTasks { get; set; }

    /// <summary>Who holds the slots.</summary>
    [ListMap("kind", "holder"), MaxItems(500)]
    public IList<SlotReservation> Reservations { get; set; } = [];
}

/// <summary>What is counted.</summary>
public enum SlotKind
{
    /// <summary>A VM.</summary>
    Machine,

    /// <summary>A Workspace.</summary>
    Workspace,

    /// <summary>An AgentTask that is not finished.</summary>
    ActiveTask,
}

/// <summary>One slot that is taken.</summary>
public sealed record SlotReservation
{
    /// <summary>What is counted.</summary>
    [Required]
    public SlotKind Kind { get; set; }

    /// <summary>UID of the object that holds it.</summary>
    [Required]
    public string Holder { get; set; } = "";

    /// <summary>Kind of that object.</summary>
    [Required]
    public string HolderKind { get; set; } = "";

    /// <summary>Name of that object.</summary>
    [Required]
    public string HolderName { get; set; } = "";

    /// <summary>When it was taken (RFC 3339).</summary>
    [Required]
    public DateTimeOffset TakenAt { get; set; }

    /// <summary>Whose credential pays for it; the platform's quota counts what its own credential pays, and nothing else.</summary>
    public CredentialSource? PaidBy { get; set; }
}
