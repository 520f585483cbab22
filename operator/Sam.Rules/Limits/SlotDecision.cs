namespace Sam.Rules.Limits;

/// <summary>A slot as it is held.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Holder">UID of the holder.</param>
/// <param name="IsPaidByPlatform">The platform's credential pays for it.</param>
public sealed record HeldSlot(string Kind, string Holder, bool IsPaidByPlatform);

/// <summary>What a holder gets.</summary>
public abstract record SlotDecision
{
    private SlotDecision() { }

    /// <summary>It holds the slot already.</summary>
    public sealed record Held : SlotDecision;

    /// <summary>There is room.</summary>
    public sealed record Granted : SlotDecision;

    /// <summary>There is none.</summary>
    /// <param name="Used">How many are taken of those that count.</param>
    /// <param name="Limit">How many there may be.</param>
    /// <param name="Why">The same in one sentence.</param>
    public sealed record Refused(int Used, int Limit, string Why) : SlotDecision;

    /// <summary>Decides for one holder. Only what the platform pays counts against the platform's quota.</summary>
    /// <param name="held">All slots of the Project.</param>
    /// <param name="kind">What is asked for.</param>
    /// <param name="holder">UID of who asks.</param>
    /// <param name="limit">The Project's limit.</param>
    /// <param name="isPaidByPlatform">The platform's credential would pay.</param>
    /// <param name="quota">The platform's quota; null = none.</param>
    public static SlotDecision Of(
        IReadOnlyCollection<HeldSlot> held,
        string kind,
        string holder,
        int limit,
        bool isPaidByPlatform,
        int? quota
    )
    {
        var own = held.FirstOrDefault(slot => slot.Kind == kind && slot.Holder == holder);
        var others = held.Where(slot => slot.Kind == kind && slot.Holder != holder).ToList();
        // Who holds one keeps it, also below a lowered limit; only a change of who pays is a new question, for the quota alone.
        if (own is not null && own.IsPaidByPlatform == isPaidByPlatform)
            return new Held();
        if (own is null && others.Count >= limit)
            return new Refused(others.Count, limit, $"{others.Count} of {limit} slots for {kind} are taken in the Project");
        var paid = others.Count(slot => slot.IsPaidByPlatform);
        return isPaidByPlatform && quota is { } most && paid >= most
            ? new Refused(paid, most, $"{paid} of {most} {kind} slots that the platform's credential pays are taken")
            : new Granted();
    }
}
