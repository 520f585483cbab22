namespace Sam.Operator.Clients.GitHub;

/// <summary>What time it is at GitHub: ours, corrected where the Date of its answers says that one of the two clocks is wrong.</summary>
internal sealed class GitHubClock(TimeProvider timeProvider)
{
    // A Date has whole seconds and was on the way: below this nothing is wrong, and a JWT has a minute to spare on either side.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private long _offset;

    /// <summary>Our time.</summary>
    public DateTimeOffset Ours => timeProvider.GetUtcNow();

    /// <summary>GitHub's time.</summary>
    public DateTimeOffset Theirs => Ours + TimeSpan.FromTicks(Volatile.Read(ref _offset));

    /// <summary>Learns from an answer; true if our idea of GitHub's time was wrong.</summary>
    public bool Learn(DateTimeOffset? date)
    {
        if (date is not { } theirs)
            return false;
        var offset = theirs - Ours;
        if (offset.Duration() < Tolerance)
            offset = TimeSpan.Zero;
        var wasWrong = (theirs - Theirs).Duration() >= Tolerance;
        Volatile.Write(ref _offset, offset.Ticks);
        return wasWrong;
    }

    /// <summary>A moment of GitHub's clock on ours.</summary>
    public DateTimeOffset ToOurs(DateTimeOffset theirs) => theirs - TimeSpan.FromTicks(Volatile.Read(ref _offset));
}
