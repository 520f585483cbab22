namespace Sam.Rules.Placement;

/// <summary>Why a Machine ends.</summary>
public enum LifeEnd
{
    /// <summary>Nobody claimed it for as long as it was to be kept.</summary>
    KeptLongEnough,

    /// <summary>Nobody waits for it, and it is not bought yet.</summary>
    Unwanted,

    /// <summary>It failed, and nobody is on it.</summary>
    Failed,

    /// <summary>It was drained, and nobody is on it any more.</summary>
    Drained,
}

/// <summary>What becomes of a Machine for Workspaces.</summary>
public abstract record LifeVerdict
{
    private LifeVerdict() { }

    /// <summary>It is being given back already.</summary>
    public sealed record Ending : LifeVerdict;

    /// <summary>A Workspace is on it.</summary>
    public sealed record InUse : LifeVerdict;

    /// <summary>A user wrote it; only a user ends it.</summary>
    public sealed record Permanent : LifeVerdict;

    /// <summary>A Workspace waits for it and is not on it yet.</summary>
    public sealed record Awaited : LifeVerdict;

    /// <summary>It starts, and somebody may use it then.</summary>
    public sealed record Starting : LifeVerdict;

    /// <summary>Nobody uses it: it is warm from now on.</summary>
    /// <param name="Since">Since when it counts as unused.</param>
    /// <param name="Until">Until when it is kept.</param>
    public sealed record TurnWarm(DateTimeOffset Since, DateTimeOffset Until) : LifeVerdict;

    /// <summary>It is warm.</summary>
    /// <param name="Until">Until when it is kept.</param>
    public sealed record StayWarm(DateTimeOffset Until) : LifeVerdict;

    /// <summary>Its time is over; it is one of those that are kept ready.</summary>
    public sealed record HeldReady : LifeVerdict;

    /// <summary>It is given back.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Why">The same in one sentence.</param>
    public sealed record End(LifeEnd Reason, string Why) : LifeVerdict;
}

/// <summary>What becomes of one Machine.</summary>
/// <param name="MachineId">UID of the Machine.</param>
/// <param name="Name">Its name.</param>
/// <param name="ResourceVersion">The version that was judged; it is deleted at this one only, or a claim that came meanwhile loses its VM.</param>
/// <param name="Verdict">What becomes of it.</param>
public sealed record MachineLife(string MachineId, string Name, string ResourceVersion, LifeVerdict Verdict);

/// <summary>What becomes of all Machines of a Project.</summary>
/// <param name="Lives">Every Machine, by name.</param>
/// <param name="StartAhead">How many more are to be started ahead; the Project's limit may allow fewer.</param>
/// <param name="NextAt">When time alone changes a verdict next; null if it does not.</param>
public sealed record WarmPoolPlan(IReadOnlyList<MachineLife> Lives, int StartAhead, DateTimeOffset? NextAt);
