using k8s.Models;
using Sam.Crds.Schema;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.V1Alpha1;

/// <summary>One Compose app on a DeploymentNode.</summary>
[KubernetesEntity(Group = Names.Group, ApiVersion = Names.Version, Kind = "ComposeApp", PluralName = "composeapps")]
[ShortNames("capp")]
[SelectableField(".spec.nodeRef.name")]
[SelectableField(".status.applyState")]
[PrinterColumn("Ready", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Reason", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Node", ".spec.nodeRef.name")]
[PrinterColumn("Release", ".status.appliedRelease", Type = "integer")]
[PrinterColumn("State", ".status.applyState")]
[PrinterColumn("URL", ".status.url")]
[PrinterColumn("Desired", ".status.desiredRelease", Type = "integer", Wide = true)]
[PrinterColumn("Message", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class ComposeApp : Resource<ComposeAppSpec, ComposeAppStatus>;

/// <summary>What a ComposeApp asks for.</summary>
[Rule("has(self.compose) != has(self.composeFrom)", "set exactly one of compose and composeFrom")]
public sealed record ComposeAppSpec
{
    /// <summary>The DeploymentNode that runs the app.</summary>
    [Required, Immutable("create the app on the other node, then delete this one")]
    public LocalReference NodeRef { get; set; } = new();

    /// <summary>The Compose file, verbatim.</summary>
    [Length(1, 131072)]
    public string? Compose { get; set; }

    /// <summary>The Compose file in a ConfigMap of the namespace.</summary>
    public ComposeSource? ComposeFrom { get; set; }

    /// <summary>Variables for <c>${NAME}</c> in the Compose file; they win over <c>envFrom</c>.</summary>
    [ListMap("name"), MaxItems(200)]
    public IList<EnvironmentVariable> Env { get; set; } = [];

    /// <summary>Secrets and ConfigMaps whose keys are variables for <c>${NAME}</c>; later ones win.</summary>
    [ListAtomic, MaxItems(20)]
    public IList<EnvironmentSource> EnvFrom { get; set; } = [];

    /// <summary>Files that the Compose file names by path: <c>env_file</c>, and <c>file</c> of configs and secrets.</summary>
    [ListMap("path"), MaxItems(50)]
    public IList<ComposeFile>? Files { get; set; }

    /// <summary>Profiles whose services run too (Compose: <c>--profile</c>).</summary>
    [ListSet, MaxItems(20), Length(1, 63)]
    public IList<string>? Profiles { get; set; }

    /// <summary>What is served to the world, by stable names.</summary>
    [ListMap("name"), MaxItems(50)]
    public IList<RouteSpec> Routes { get; set; } = [];

    /// <summary>Login for private images; registries that trust SAM's key need none for repositories of the namespace.</summary>
    public RegistrySpec? Registry { get; set; }

    /// <summary>How many releases are kept for a rollback, the applied one not counted.</summary>
    [Default(10), Bounds(1, 100)]
    public int RevisionHistoryLimit { get; set; } = 10;

    /// <summary>Longest time for a release to turn healthy; then the old one is kept.</summary>
    [Default("5m")]
    public Duration HealthTimeout { get; set; } = new(TimeSpan.FromMinutes(5));

    /// <summary>How long every service must stay healthy before traffic moves.</summary>
    [Default("10s")]
    public Duration StableTime { get; set; } = new(TimeSpan.FromSeconds(10));

    /// <summary>How long requests in flight may go on at an old container after traffic moved.</summary>
    [Default("10s")]
    public Duration DrainTime { get; set; } = new(TimeSpan.FromSeconds(10));

    /// <summary>Takes containers and routes down and keeps volumes and releases; taken back, the same release serves again.</summary>
    public bool? Suspend { get; set; }

    /// <summary>Pins a kept release; while set, edits are recorded as releases but not applied.</summary>
    [Bounds(1, long.MaxValue)]
    public long? RollbackTo { get; set; }

    /// <summary>A new value resolves the tags again and makes a release if a digest moved (RFC 3339).</summary>
    public DateTimeOffset? RedeployRequestedAt { get; set; }

    /// <summary>Hooks that save the data of volumes and bring it back.</summary>
    [ListMap("name"), MaxItems(50)]
    public IList<VolumeSpec>? Volumes { get; set; }

    /// <summary>A new value runs every backup hook once (RFC 3339).</summary>
    public DateTimeOffset? BackupRequestedAt { get; set; }

    /// <summary>A new value runs every restore hook once (RFC 3339).</summary>
    public DateTimeOffset? RestoreRequestedAt { get; set; }

    /// <summary>Retain keeps the app's volumes when it is deleted, and names them in an event.</summary>
    [Default("Delete")]
    public DeletionPolicy DeletionPolicy { get; set; }
}

/// <summary>Where a Compose file is.</summary>
public sealed record ComposeSource
{
    /// <summary>Key of a ConfigMap of the namespace.</summary>
    [Required]
    public ConfigMapKeyReference ConfigMapKeyRef { get; set; } = new();
}

/// <summary>A file beside the Compose file, in a Secret or ConfigMap of the namespace.</summary>
[Rule("has(self.secretKeyRef) != has(self.configMapKeyRef)", "set exactly one of secretKeyRef and configMapKeyRef")]
public sealed record ComposeFile
{
    /// <summary>Path as the Compose file writes it, such as <c>./app.env</c>.</summary>
    [Required, Length(1, 500)]
    public string Path { get; set; } = "";

    /// <summary>Key of a Secret.</summary>
    public SecretKeyReference? SecretKeyRef { get; set; }

    /// <summary>Key of a ConfigMap.</summary>
    public ConfigMapKeyReference? ConfigMapKeyRef { get; set; }
}

/// <summary>One variable.</summary>
public sealed record EnvironmentVariable
{
    /// <summary>Name of the variable.</summary>
    [Required, Length(1, 128), Pattern("^[A-Za-z_][A-Za-z0-9_]*$")]
    public string Name { get; set; } = "";

    /// <summary>Value of the variable.</summary>
    [Required, Length(0, 65536)]
    public string Value { get; set; } = "";
}

/// <summary>A Secret or ConfigMap whose keys are variables.</summary>
[Rule("has(self.secretRef) != has(self.configMapRef)", "set exactly one of secretRef and configMapRef")]
public sealed record EnvironmentSource
{
    /// <summary>Secret of the namespace.</summary>
    public LocalReference? SecretRef { get; set; }

    /// <summary>ConfigMap of the namespace.</summary>
    public LocalReference? ConfigMapRef { get; set; }
}

/// <summary>Login for private images.</summary>
public sealed record RegistrySpec
{
    /// <summary>Secret of type <c>kubernetes.io/dockerconfigjson</c>; an entry is used for exactly its host.</summary>
    [Required]
    public LocalReference SecretRef { get; set; } = new();
}

/// <summary>Where the newest release stands.</summary>
public enum ApplyState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being rolled out.</summary>
    Applying,

    /// <summary>Serves.</summary>
    Applied,

    /// <summary>Failed; the old release is being put back.</summary>
    Failed,

    /// <summary>Failed; the old release serves.</summary>
    Reverted,

    /// <summary>The first release failed; nothing serves.</summary>
    FailedInitial,

    /// <summary>Taken down by <c>suspend</c>; volumes and releases are kept.</summary>
    Suspended,
}

/// <summary>What was found about a ComposeApp.</summary>
public sealed class ComposeAppStatus : ConditionedStatus
{
    /// <summary>How many lines of a plan are shown.</summary>
    public const int PlanLines = 50;

    /// <summary>Number of the release that is wanted.</summary>
    public long? DesiredRelease { get; set; }

    /// <summary>Number of the release that serves.</summary>
    public long? AppliedRelease { get; set; }

    /// <summary>Where the wanted release stands.</summary>
    public ApplyState ApplyState { get; set; }

    /// <summary>Number of the release that <c>applyStartedAt</c> counts for: the wanted one, or the one that is rolled back to.</summary>
    public long? ApplyingRelease { get; set; }

    /// <summary>When that release began to be applied (RFC 3339); its deadline counts from here.</summary>
    public DateTimeOffset? ApplyStartedAt { get; set; }

    /// <summary>URL of the first route.</summary>
    public string? Url { get; set; }

    /// <summary>Services as the engine shows them.</summary>
    [ListMap("name"), MaxItems(100)]
    public IList<ServiceStatus> Services { get; set; } = [];

    /// <summary>Routes and whether they serve.</summary>
    [ListMap("name"), MaxItems(50)]
    public IList<RouteStatus> Routes { get; set; } = [];

    /// <summary>Hash of the routes that should be served; the node repeats it when Caddy serves them.</summary>
    public string? RoutesHash { get; set; }

    /// <summary>Releases that are kept, newest first.</summary>
    [ListMap("number"), MaxItems(101)]
    public IList<ReleaseStatus> Releases { get; set; } = [];

    /// <summary>Identity of the Machine on which it was last as it should be.</summary>
    public string? MachineId { get; set; }

    /// <summary>What is left to do on the node until the wanted release runs, in order; absent when nothing is.</summary>
    [ListAtomic, MaxItems(PlanLines)]
    public IList<string>? Plan { get; set; }

    /// <summary>The release after which images that no kept release needs were removed from the node.</summary>
    public long? ImagesTidiedFor { get; set; }

    /// <summary>Hosts that have to be proven, and how.</summary>
    [ListMap("host"), MaxItems(50)]
    public IList<HostStatus>? Hosts { get; set; }

    /// <summary>Name of the DNSEndpoint that was made for the hosts.</summary>
    public string? DnsEndpoint { get; set; }

    /// <summary>What became of the hooks of volumes.</summary>
    [ListMap("name"), MaxItems(50)]
    public IList<VolumeStatus>? Volumes { get; set; }

    /// <summary>The hook that runs now; hooks of an app run one after the other.</summary>
    public HookStatus? Hook { get; set; }

    /// <summary>The engine's id of a hook that did not end in time; while it runs, no other is begun.</summary>
    public string? OverdueExec { get; set; }

    /// <summary>Hash of the manifest, variables and redeploy request that the newest release was made from.</summary>
    public string? SourceHash { get; set; }
}

/// <summary>A service as the engine shows it.</summary>
public sealed record ServiceStatus
{
    /// <summary>Name of the Compose service.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Image as written.</summary>
    public string? Image { get; set; }

    /// <summary>Digest that runs.</summary>
    public string? Digest { get; set; }

    /// <summary>Docker's state of the container.</summary>
    public string? State { get; set; }

    /// <summary>Docker's health of the container.</summary>
    public string? Health { get; set; }

    /// <summary>Restarts by its policy.</summary>
    public int Restarts { get; set; }

    /// <summary>Containers that are wanted.</summary>
    public int? Replicas { get; set; }

    /// <summary>Containers that run and are not unhealthy.</summary>
    public int? ReadyReplicas { get; set; }

    /// <summary>How a new release takes over: <c>start-first</c> (old and new side by side) or <c>stop-first</c> (a moment of downtime).</summary>
    public string? UpdateOrder { get; set; }
}

/// <summary>A release that is kept.</summary>
public sealed record ReleaseStatus
{
    /// <summary>Number; counts up from 1.</summary>
    [Required]
    public long Number { get; set; }

    /// <summary>How it went: Pending, Applied, Failed.</summary>
    public string? Outcome { get; set; }

    /// <summary>When it was made (RFC 3339).</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; set; }
}
