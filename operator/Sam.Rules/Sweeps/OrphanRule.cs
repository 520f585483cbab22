namespace Sam.Rules.Sweeps;

/// <summary>
/// Whether something at the provider belongs to nobody. Fail-closed: whatever is not surely ours, surely old and surely without an owner is kept.
/// </summary>
public static class OrphanRule
{
    /// <summary>How long a fresh (or restored) installation only reports: its list of owners may not be whole yet.</summary>
    public static readonly TimeSpan ReportOnly = TimeSpan.FromHours(24);

    /// <summary>Judges one thing.</summary>
    /// <param name="thing">What was found.</param>
    /// <param name="facts">What is known.</param>
    public static OrphanVerdict Judge(FoundThing thing, SweepFacts facts)
    {
        if (!thing.IsManaged || thing.Installation != facts.Installation)
            return new OrphanVerdict.Keep("it is not this installation's");
        if (thing.IsRetained)
            return new OrphanVerdict.Keep("it was kept on purpose when its Machine was deleted");
        if (OwnerOf(thing, facts) is { } owned)
            return new OrphanVerdict.Keep(owned);
        var age = facts.Now - thing.Created;
        if (age < facts.OrphanAge)
            return new OrphanVerdict.Keep($"it is younger than {facts.OrphanAge.TotalMinutes:0} min");
        if (facts.Now - facts.InstalledAt < ReportOnly)
            return new OrphanVerdict.Report("the installation is younger than a day, or was restored within it");
        if (thing.IsProtected)
            return new OrphanVerdict.Report("it is protected against deletion");
        if (thing.HoldsData)
            return new OrphanVerdict.Report("it may hold data: a person deletes it, or adopts it");
        if (thing.IsInUse)
            return new OrphanVerdict.Report("something still uses it");
        return facts.DryRun ? new OrphanVerdict.Report("the sweep only reports") : new OrphanVerdict.Delete();
    }

    /// <summary>Why it is not without an owner; null if it is. What all Machines share is owned while one of them lives.</summary>
    private static string? OwnerOf(FoundThing thing, SweepFacts facts)
    {
        if (thing.IsShared)
            return facts.LivingMachines.Count > 0 && thing.IsPlanned ? "Machines live that need it" : null;
        if (string.IsNullOrEmpty(thing.MachineId))
            return "it names no Machine";
        return facts.LivingMachines.Contains(thing.MachineId) ? $"Machine {thing.MachineId} lives" : null;
    }
}

/// <summary>Something at the provider.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="IsManaged">It carries our marker label, exactly.</param>
/// <param name="Installation">Installation id on its label; null if there is none.</param>
/// <param name="MachineId">Machine id on its label; null if there is none.</param>
/// <param name="Created">When it was made.</param>
/// <param name="HoldsData">It is a server of role Deployment, has a volume, or is one.</param>
/// <param name="IsProtected">Somebody protected it against deletion.</param>
public sealed record FoundThing(
    long Id,
    bool IsManaged,
    string? Installation,
    string? MachineId,
    DateTimeOffset Created,
    bool HoldsData,
    bool IsProtected
)
{
    /// <summary>What it is, for people: server, volume, address, firewall, SSH key.</summary>
    public string Kind { get; init; } = "server";

    /// <summary>Its name there.</summary>
    public string Name { get; init; } = "";

    /// <summary>It was kept on purpose.</summary>
    public bool IsRetained { get; init; }

    /// <summary>Something else at the provider still needs it.</summary>
    public bool IsInUse { get; init; }

    /// <summary>It belongs to all Machines of the account, not to one.</summary>
    public bool IsShared { get; init; }

    /// <summary>Of what is shared: a Machine that is made today would use it.</summary>
    public bool IsPlanned { get; init; }
}

/// <summary>What the sweep knows.</summary>
/// <param name="Installation">Our installation id.</param>
/// <param name="InstalledAt">When the installation's Secret was made or restored.</param>
/// <param name="LivingMachines">Ids of every Machine object, those that are being deleted included.</param>
/// <param name="OrphanAge">Age below which nothing is an orphan.</param>
/// <param name="DryRun">Nothing is deleted.</param>
/// <param name="Now">Now.</param>
public sealed record SweepFacts(
    string Installation,
    DateTimeOffset InstalledAt,
    IReadOnlySet<string> LivingMachines,
    TimeSpan OrphanAge,
    bool DryRun,
    DateTimeOffset Now
);

/// <summary>What is to be done with it.</summary>
public abstract record OrphanVerdict
{
    private OrphanVerdict() { }

    /// <summary>Nothing.</summary>
    public sealed record Keep(string Why) : OrphanVerdict;

    /// <summary>It has no owner and stays: tell somebody.</summary>
    public sealed record Report(string Why) : OrphanVerdict;

    /// <summary>It has no owner and goes.</summary>
    public sealed record Delete : OrphanVerdict;
}
