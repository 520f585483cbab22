using Sam.Rules.Costs;
using Sam.Rules.Disks;

namespace Sam.Rules.Placement;

/// <summary>How a Project keeps Machines that nobody uses.</summary>
/// <param name="IdleTimeout">How long a released Machine is kept at least.</param>
/// <param name="MinReady">How many Machines are kept ready ahead.</param>
/// <param name="LongestEmpty">No Machine is empty for longer, whatever the idle timeout, unless it is one of those that are kept ready.</param>
/// <param name="Image">Image that Workspaces ask for; one with another image counts as ready for nobody. Null: any.</param>
public sealed record WarmPoolSettings(TimeSpan IdleTimeout, int MinReady, TimeSpan LongestEmpty, string? Image = null);

/// <summary>
/// The one rule for how Machines for Workspaces end, and how many are started ahead. Every Machine of the Project gets exactly one verdict; a
/// Machine with a Workspace on it never ends here.
/// </summary>
public static class WarmPool
{
    /// <summary>Decides for all Machines of one Project.</summary>
    /// <param name="project">The Project.</param>
    /// <param name="settings">How it keeps Machines.</param>
    /// <param name="machines">All Machines of the namespace; those of other Projects or roles get no verdict.</param>
    /// <param name="now">Now.</param>
    public static WarmPoolPlan Plan(
        ProjectKey project,
        WarmPoolSettings settings,
        IReadOnlyCollection<MachineSnapshot> machines,
        DateTimeOffset now
    )
    {
        var own = Binding
            .WithoutServedOwners(machines)
            .Where(machine => machine.Project == project && machine.Use == MachineUse.Workspace)
            .OrderBy(machine => machine.Name, StringComparer.Ordinal)
            .ToList();
        var kept = own.Where(IsKept).ToList();
        var overdue = kept.Where(machine => KeepUntil(machine, settings, now) <= now).ToList();
        var missing = settings.MinReady - kept.Except(overdue).Count(machine => IsClaimable(machine, settings));
        // Those whose paid hour lasts longest: to end the others saves the next hour soonest.
        var held = overdue
            .Where(machine => IsClaimable(machine, settings))
            .OrderByDescending(machine => ServerCost.PaidUntil(BornAt(machine), now))
            .ThenByDescending(machine => machine.CreatedAt)
            .ThenBy(machine => machine.Name, StringComparer.Ordinal)
            .Take(Math.Max(0, missing))
            .ToHashSet();
        missing -= held.Count;
        // What is paid already is kept first; what is not bought yet is bought for the pool only as far as it lacks some.
        var starting = own.Where(IsStartingAhead)
            .OrderBy(IsUnbought)
            .ThenBy(machine => machine.CreatedAt)
            .ThenBy(machine => machine.Name, StringComparer.Ordinal)
            .ToList();
        var surplus = starting.Skip(Math.Max(0, missing)).Where(IsUnbought).ToHashSet();
        var lives = own.Select(machine => new MachineLife(machine.Id, machine.Name, machine.ResourceVersion, Of(machine)))
            .ToList();
        return new(lives, Math.Max(0, missing - starting.Count), Earliest(lives, now));

        LifeVerdict Of(MachineSnapshot machine) =>
            Settled(machine)
            ?? (
                machine.Stage == MachineStage.Starting
                    ? Starting(machine, surplus.Contains(machine))
                    : Empty(machine, settings, held.Contains(machine), now)
            );
    }

    /// <summary>Until when a Machine that nobody uses is kept.</summary>
    /// <param name="machine">The Machine.</param>
    /// <param name="settings">How its Project keeps Machines.</param>
    /// <param name="now">Now; it counts as released now if nobody recorded when it was.</param>
    public static DateTimeOffset KeepUntil(MachineSnapshot machine, WarmPoolSettings settings, DateTimeOffset now)
    {
        if (machine.IsPermanent)
            return DateTimeOffset.MaxValue;
        var since = machine.WarmSince ?? now;
        var until = WarmRule.KeepUntil(BornAt(machine), since, settings.IdleTimeout);
        var longest = since + settings.LongestEmpty;
        return until < longest ? until : longest;
    }

    /// <summary>Whether a kept Machine could be claimed as it is.</summary>
    private static bool IsClaimable(MachineSnapshot machine, WarmPoolSettings settings) =>
        machine.IsReachable
        && machine.Disk != DiskLevel.Full
        && machine.Capacity is not null
        && (settings.Image is null || settings.Image == machine.Image);

    private static DateTimeOffset BornAt(MachineSnapshot machine) => machine.ServerCreatedAt ?? machine.CreatedAt;

    private static bool IsKept(MachineSnapshot machine) =>
        Settled(machine) is null && machine.Stage is MachineStage.Ready or MachineStage.Warm;

    private static bool IsStartingAhead(MachineSnapshot machine) =>
        Settled(machine) is null && machine.Stage == MachineStage.Starting;

    // A user's own comes whatever the pool wants.
    private static bool IsUnbought(MachineSnapshot machine) => machine.ServerCreatedAt is null && !machine.IsPermanent;

    // What neither the clock nor the pool decides.
    private static LifeVerdict? Settled(MachineSnapshot machine) =>
        machine switch
        {
            { IsDeleting: true } or { Stage: MachineStage.Deleting } => new LifeVerdict.Ending(),
            { IsEmpty: false } => new LifeVerdict.InUse(),
            { IsPermanent: true, Stage: MachineStage.Failed or MachineStage.Draining } => new LifeVerdict.Permanent(),
            { Stage: MachineStage.Failed } => new LifeVerdict.End(LifeEnd.Failed, "it failed, and nobody is on it"),
            { Stage: MachineStage.Draining } => new LifeVerdict.End(LifeEnd.Drained, "it is drained, and nobody is on it"),
            { BoughtFor: not null } => new LifeVerdict.Awaited(),
            _ => null,
        };

    private static LifeVerdict Starting(MachineSnapshot machine, bool isSurplus) =>
        machine.IsPermanent ? new LifeVerdict.Permanent()
        : isSurplus ? new LifeVerdict.End(LifeEnd.Unwanted, "it is not bought yet, and nobody waits for it")
        : new LifeVerdict.Starting();

    private static LifeVerdict Empty(MachineSnapshot machine, WarmPoolSettings settings, bool isHeld, DateTimeOffset now)
    {
        if (machine.IsPermanent)
            return new LifeVerdict.Permanent();
        var until = KeepUntil(machine, settings, now);
        if (isHeld)
            return machine.WarmSince is null ? new LifeVerdict.TurnWarm(now, until) : new LifeVerdict.HeldReady();
        if (until <= now)
            return new LifeVerdict.End(LifeEnd.KeptLongEnough, $"nobody claimed it until {until.UtcDateTime:s}Z");
        // Its clock starts whether or not it answers: an empty Machine without a clock would live for ever.
        return machine.WarmSince is null || machine.Stage != MachineStage.Warm
            ? new LifeVerdict.TurnWarm(machine.WarmSince ?? now, until)
            : new LifeVerdict.StayWarm(until);
    }

    private static DateTimeOffset? Earliest(List<MachineLife> lives, DateTimeOffset now)
    {
        var ends = lives
            .Select(life => life.Verdict)
            .Select(verdict =>
                verdict switch
                {
                    LifeVerdict.TurnWarm turn => turn.Until,
                    LifeVerdict.StayWarm stay => stay.Until,
                    _ => (DateTimeOffset?)null,
                }
            )
            .Where(end => end > now)
            .ToList();
        return ends.Count == 0 ? null : ends.Min();
    }
}
