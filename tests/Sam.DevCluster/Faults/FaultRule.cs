using System.Globalization;

namespace Sam.DevCluster.Faults;

/// <summary>A rule at work: counts what it met and decides what it hits.</summary>
internal sealed class FaultRule(int id, DevClusterFault fault)
{
    // Only rules with a chance need to know how often each key was met.
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);

    public int Id { get; } = id;

    public DevClusterFault Fault { get; } = fault;

    public int Matched { get; private set; }

    public int Happened { get; private set; }

    public bool IsOver => Happened >= Fault.Count;

    /// <summary>Counts a request, and says whether it meets the fault.</summary>
    public bool Hits(RequestFacts facts)
    {
        if (IsOver || !Matches(facts))
            return false;
        Matched++;
        if (Matched <= Fault.Skip || !Chance(facts))
            return false;
        Happened++;
        return true;
    }

    private bool Matches(RequestFacts facts) =>
        (Fault.Verb ?? facts.Verb) == facts.Verb
        && (Fault.Resource is not { } resource || resource == facts.Resource || resource == facts.Qualified)
        && (Fault.Namespace ?? facts.Namespace) == facts.Namespace
        && (Fault.Name ?? facts.Name) == facts.Name
        && (!Fault.Continued || facts.IsContinued);

    private bool Chance(RequestFacts facts)
    {
        if (Fault.Probability >= 1)
            return true;
        var ordinal = _met[facts.Key] = _met.GetValueOrDefault(facts.Key) + 1;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Fault.Seed} {Fault.Action} {facts.Key} {ordinal}");
        return Fraction(text) < Fault.Probability;
    }

    // A number from 0 to 1 that is the same in every process: FNV-1a, then mixed, as neighbours differ in one character only.
    private static double Fraction(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
            hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
