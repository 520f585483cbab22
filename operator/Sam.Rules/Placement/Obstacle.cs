namespace Sam.Rules.Placement;

/// <summary>Why a Machine does not take a Workspace, from what is farthest from taking it to what is nearest.</summary>
public enum ObstacleKind
{
    /// <summary>It serves Compose apps.</summary>
    OtherRole,

    /// <summary>It belongs to another Project, and they share no pool paid by one Secret.</summary>
    NotShared,

    /// <summary>It is being given back.</summary>
    BeingDeleted,

    /// <summary>It is being emptied on purpose.</summary>
    Draining,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It has another architecture than was asked for.</summary>
    WrongArchitecture,

    /// <summary>It has another server type than was asked for.</summary>
    WrongServerType,

    /// <summary>It has another size than was asked for.</summary>
    WrongSize,

    /// <summary>It stands elsewhere than was asked for.</summary>
    WrongLocation,

    /// <summary>It has another image than was asked for.</summary>
    WrongImage,

    /// <summary>Even empty it has not enough.</summary>
    TooSmall,

    /// <summary>What it will be (server type, place) is not settled yet.</summary>
    NotSettled,

    /// <summary>It does not answer now.</summary>
    Unreachable,

    /// <summary>Its disk is full.</summary>
    DiskFull,

    /// <summary>It is kept for the Workspace that it was bought for.</summary>
    KeptForAnother,

    /// <summary>A Workspace on it wants it for itself.</summary>
    HeldExclusively,

    /// <summary>This Workspace wants a Machine for itself, and it is in use.</summary>
    InUse,

    /// <summary>It has as many Workspaces as one may have.</summary>
    MachineFull,

    /// <summary>It has more Workspaces than this one tolerates.</summary>
    TooManyCoTenants,

    /// <summary>A Workspace on it tolerates no further one.</summary>
    CoTenantsRefuse,

    /// <summary>Not enough CPU is left.</summary>
    NoCpu,

    /// <summary>Not enough memory is left.</summary>
    NoMemory,

    /// <summary>Not enough disk is left.</summary>
    NoDisk,

    /// <summary>It would do; another one does better.</summary>
    Outranked,

    /// <summary>It holds a second allocation of this Workspace, which has to be given back.</summary>
    SecondAllocation,
}

/// <summary>Why one Machine does not take one Workspace.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Why">The same in one sentence with numbers.</param>
public sealed record Obstacle(ObstacleKind Kind, string Why)
{
    /// <summary>No waiting removes it: it is in what the Machine is, or the Machine is on its way out.</summary>
    public bool IsLasting =>
        Kind
            is ObstacleKind.OtherRole
                or ObstacleKind.NotShared
                or ObstacleKind.BeingDeleted
                or ObstacleKind.Draining
                or ObstacleKind.WrongArchitecture
                or ObstacleKind.WrongServerType
                or ObstacleKind.WrongSize
                or ObstacleKind.WrongLocation
                or ObstacleKind.WrongImage
                or ObstacleKind.TooSmall;
}
