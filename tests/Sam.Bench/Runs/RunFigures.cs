using Sam.Bench.Subjects;

namespace Sam.Bench.Runs;

/// <summary>One subject's life over one set of objects.</summary>
internal sealed record RunFigures
{
    public required string Subject { get; init; }

    public required int Objects { get; init; }

    /// <summary>From before the connection to the last status seen from outside.</summary>
    public required double ConvergeSeconds { get; init; }

    public double WritesPerSecond => Objects / ConvergeSeconds;

    /// <summary>What the subject said when all had converged.</summary>
    public required SubjectReport Converged { get; init; }

    /// <summary>Requests for Widgets while it converged, as the server counted them, the bench's own taken off.</summary>
    public required SortedDictionary<string, long> ServerCounts { get; init; }

    /// <summary>Processor seconds of the server while it converged; 0 if not known.</summary>
    public required double ServerCpuSeconds { get; init; }

    /// <summary>Milliseconds from a changed spec to the status seen from outside.</summary>
    public required double[] UpdateMilliseconds { get; init; }

    /// <summary>A second process over converged objects, when it knew everything.</summary>
    public required SubjectReport RestartSynced { get; init; }

    /// <summary>The same when it had looked at everything.</summary>
    public required SubjectReport RestartSettled { get; init; }

    /// <summary>Writes that the server saw from that process.</summary>
    public required long RestartWrites { get; init; }

    /// <summary>The same after a full collection.</summary>
    public required SubjectReport Memory { get; init; }

    /// <summary>Everything looked at once more; null where the subject has no such thing.</summary>
    public SubjectReport? Resync { get; init; }
}
