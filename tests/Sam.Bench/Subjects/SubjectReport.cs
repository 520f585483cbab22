namespace Sam.Bench.Subjects;

/// <summary>What a subject's process says of itself, one JSON line.</summary>
internal sealed record SubjectReport
{
    /// <summary>What this line tells: synced, figures, resynced.</summary>
    public required string Event { get; init; }

    /// <summary>Milliseconds from before the connection to this event (of a resync: how long it took).</summary>
    public double Milliseconds { get; init; }

    /// <summary>Processor seconds since before the connection.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Resident memory.</summary>
    public double ResidentMiB { get; init; }

    /// <summary>The most it ever was.</summary>
    public double PeakMiB { get; init; }

    /// <summary>Live managed memory after a full collection, above that before the start.</summary>
    public double LiveBytes { get; init; }

    /// <summary>Bytes allocated (of a resync: by it).</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>Requests by verb, as its own client counted them.</summary>
    public SortedDictionary<string, int> Requests { get; init; } = [];
}
