namespace Sam.Rules.Placement;

/// <summary>Why it became this Machine.</summary>
public enum PlacementReason
{
    /// <summary>The Workspace is on it already.</summary>
    AlreadyAllocated,

    /// <summary>The Workspace names it.</summary>
    Named,

    /// <summary>It was bought for this Workspace.</summary>
    BoughtForIt,

    /// <summary>It is ready, and nobody uses it.</summary>
    Warm,

    /// <summary>It is in use, and has room.</summary>
    RunningWithRoom,

    /// <summary>It will be ready sooner than one that is bought now.</summary>
    Starting,
}

/// <summary>What stands in the way where no Machine may be taken or bought.</summary>
public enum PlacementRefusal
{
    /// <summary>The Machine that the Workspace names does not exist.</summary>
    NamedMachineNotFound,

    /// <summary>The Machine that the Workspace names cannot take it.</summary>
    NamedMachineUnfit,

    /// <summary>No server type that may be bought is large enough.</summary>
    NoServerTypeFits,

    /// <summary>No Machine has room, and no further one may be bought now.</summary>
    NoNewMachine,
}

/// <summary>Where a Workspace goes.</summary>
public abstract record PlacementVerdict
{
    private PlacementVerdict() { }

    /// <summary>Onto this Machine.</summary>
    /// <param name="MachineId">UID of the Machine.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="ResourceVersion">The version that was judged; the binding is written onto it only.</param>
    /// <param name="Reason">Why this one.</param>
    public sealed record Placed(string MachineId, string Name, string ResourceVersion, PlacementReason Reason) : PlacementVerdict;

    /// <summary>Onto a Machine that has to be bought.</summary>
    /// <param name="ServerTypes">Server types that are large enough, best first.</param>
    /// <param name="Why">Why no other one does, in one sentence.</param>
    public sealed record BuyNew(IReadOnlyList<string> ServerTypes, string Why) : PlacementVerdict;

    /// <summary>Nowhere yet: it goes on when Machines or limits change.</summary>
    /// <param name="Reason">What stands in the way.</param>
    /// <param name="Why">The same in one sentence.</param>
    public sealed record Wait(PlacementRefusal Reason, string Why) : PlacementVerdict;

    /// <summary>Nowhere, as long as the request is what it is.</summary>
    /// <param name="Reason">What stands in the way.</param>
    /// <param name="Why">The same in one sentence.</param>
    public sealed record Refused(PlacementRefusal Reason, string Why) : PlacementVerdict;
}

/// <summary>A Machine that was looked at and not taken.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Obstacle">Why not.</param>
public sealed record PlacementCandidate(string Machine, Obstacle Obstacle);

/// <summary>A verdict, and what else was looked at.</summary>
/// <param name="Verdict">Where it goes.</param>
/// <param name="Candidates">Machines that were not taken, nearest to being taken first.</param>
/// <param name="LeftOut">How many more were not taken than are listed.</param>
public sealed record PlacementResult(PlacementVerdict Verdict, IReadOnlyList<PlacementCandidate> Candidates, int LeftOut);
