namespace Sam.DevCluster.Faults;

/// <summary>A rule: which requests meet which fault, how often.</summary>
public sealed record DevClusterFault(FaultAction Action)
{
    /// <summary>get, list, watch, create, update, patch, delete or deletecollection; null means any.</summary>
    public string? Verb { get; init; }

    /// <summary>The plural, or plural.group; null means any.</summary>
    public string? Resource { get; init; }

    /// <summary>The namespace; null means any.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name in the path; null means any.</summary>
    public string? Name { get; init; }

    /// <summary>Only the later pages of lists.</summary>
    public bool Continued { get; init; }

    /// <summary>The status code of <see cref="FaultAction.Status"/>.</summary>
    public int Code { get; init; } = 500;

    /// <summary>What 429 and 503 say in <c>Retry-After</c>.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>How long <see cref="FaultAction.Latency"/> waits.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How many matching requests pass first.</summary>
    public int Skip { get; init; }

    /// <summary>How often it happens before it is over; null means for ever.</summary>
    public int? Count { get; init; }

    /// <summary>The chance of each matching request.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Decides which requests the chance hits: the same seed hits the same ones of the same sequence.</summary>
    public int Seed { get; init; } = 1;
}
