using Sam.Rules.Disks;

namespace Sam.Rules.Placement;

/// <summary>What a Machine is for.</summary>
public enum MachineUse
{
    /// <summary>Workspaces.</summary>
    Workspace,

    /// <summary>Compose apps; never a Workspace.</summary>
    Deployment,
}

/// <summary>Where a Machine is in its life, as far as placement and the warm pool care.</summary>
public enum MachineStage
{
    /// <summary>Not bought yet, being made, or booting.</summary>
    Starting,

    /// <summary>It was ready once.</summary>
    Ready,

    /// <summary>Ready, and kept although nobody uses it.</summary>
    Warm,

    /// <summary>Being emptied on purpose.</summary>
    Draining,

    /// <summary>Being given back.</summary>
    Deleting,

    /// <summary>It will not become ready by itself.</summary>
    Failed,
}

/// <summary>A Workspace's share of a Machine.</summary>
/// <param name="WorkspaceUid">UID of the Workspace.</param>
/// <param name="Project">Its Project.</param>
/// <param name="Reserved">What it reserves.</param>
/// <param name="IsExclusive">It wants the Machine for itself.</param>
/// <param name="MaxCoTenants">How many other Workspaces it tolerates.</param>
public sealed record Allocation(string WorkspaceUid, ProjectKey Project, Amounts Reserved, bool IsExclusive, int MaxCoTenants);

/// <summary>A Machine as it was seen at one moment.</summary>
/// <param name="Id">UID of the object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Project">The Project that it was bought for.</param>
/// <param name="ResourceVersion">Version of the object; a binding is written only onto this one.</param>
/// <param name="CreatedAt">When the object was made.</param>
public sealed record MachineSnapshot(string Id, string Name, ProjectKey Project, string ResourceVersion, DateTimeOffset CreatedAt)
{
    /// <summary>The pool whose Projects may share it; null if only its own Project may use it.</summary>
    public string? MachinePool { get; init; }

    /// <summary>Which Secret pays for it.</summary>
    public string CredentialSource { get; init; } = "";

    /// <summary>What it is for.</summary>
    public MachineUse Use { get; init; }

    /// <summary>Where it is in its life.</summary>
    public MachineStage Stage { get; init; }

    /// <summary>Somebody asked for its deletion.</summary>
    public bool IsDeleting { get; init; }

    /// <summary>Its engine answers. Means nothing while it starts.</summary>
    public bool IsReachable { get; init; }

    /// <summary>What Workspaces may reserve of it in all; null until its server type is settled.</summary>
    public Amounts? Capacity { get; init; }

    /// <summary>How full its disk really is.</summary>
    public DiskLevel Disk { get; init; }

    /// <summary>Its server type; null until it is settled.</summary>
    public string? ServerType { get; init; }

    /// <summary>64-bit Arm instead of x86.</summary>
    public bool IsArm { get; init; }

    /// <summary>Where it stands; null until that is settled.</summary>
    public string? Location { get; init; }

    /// <summary>Image of the VM.</summary>
    public string Image { get; init; } = "";

    /// <summary>When the provider made the server; null until it is bought.</summary>
    public DateTimeOffset? ServerCreatedAt { get; init; }

    /// <summary>A user wrote it: nothing but a user ends it.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Since when nobody uses it. Set by the release that empties it, cleared by the binding that claims it; null if not recorded.</summary>
    public DateTimeOffset? WarmSince { get; init; }

    /// <summary>
    /// UID of the living Workspace that it was bought for; null if there is none. Keeps it for that one until it is on this Machine or another.
    /// </summary>
    public string? BoughtFor { get; init; }

    /// <summary>Who uses it.</summary>
    public IReadOnlyList<Allocation> Allocations { get; init; } = [];

    /// <summary>Nobody uses it.</summary>
    public bool IsEmpty => Allocations.Count == 0;

    /// <summary>What is reserved of it.</summary>
    public Amounts Reserved => Allocations.Aggregate(Amounts.None, (sum, allocation) => sum.Plus(allocation.Reserved));

    /// <summary>It as it would be without one Workspace.</summary>
    /// <param name="workspaceUid">UID of the Workspace.</param>
    public MachineSnapshot Without(string workspaceUid) =>
        Holds(workspaceUid)
            ? this with
            {
                Allocations = [.. Allocations.Where(allocation => allocation.WorkspaceUid != workspaceUid)],
            }
            : this;

    /// <summary>Whether a Workspace is on it.</summary>
    /// <param name="workspaceUid">UID of the Workspace.</param>
    public bool Holds(string workspaceUid) => Allocations.Any(allocation => allocation.WorkspaceUid == workspaceUid);
}
