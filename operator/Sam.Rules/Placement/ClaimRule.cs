namespace Sam.Rules.Placement;

/// <summary>What becomes of a Machine that a Workspace has claimed.</summary>
public abstract record ClaimDecision
{
    private ClaimDecision() { }

    /// <summary>It is kept.</summary>
    public sealed record Kept : ClaimDecision;

    /// <summary>It is given back unused, and the Workspace placed anew.</summary>
    /// <param name="Obstacle">Why.</param>
    public sealed record GivenBack(Obstacle Obstacle) : ClaimDecision;

    /// <summary>There is no such claim (any more).</summary>
    public sealed record NotHeld : ClaimDecision;
}

/// <summary>
/// Judges a claimed Machine once more, as it is after the claim and before anything is started on it: a warm one may have died, filled up or
/// been asked to go since it was last looked at.
/// </summary>
public static class ClaimRule
{
    /// <summary>Judges the claim of one Workspace.</summary>
    /// <param name="request">What the Workspace asks.</param>
    /// <param name="machine">The Machine, seen after the claim.</param>
    /// <param name="limits">What bounds every placement.</param>
    public static ClaimDecision Judge(PlacementRequest request, MachineSnapshot machine, PlacementLimits limits)
    {
        if (!machine.Holds(request.WorkspaceUid))
            return new ClaimDecision.NotHeld();
        return MachineFit.Find(request, machine, limits) is { } obstacle
            ? new ClaimDecision.GivenBack(obstacle)
            : new ClaimDecision.Kept();
    }
}
