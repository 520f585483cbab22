namespace Sam.Runtime.Leases;

/// <summary>The lease that says which process acts.</summary>
public sealed record LeaseOptions
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Who we are; unique for every process.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait before they take a lease that is not renewed.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long we act without a renewal; shorter than <see cref="Duration"/>, so that there are never two.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often we renew, or look whether the lease is free.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
