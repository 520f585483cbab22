namespace Sam.Runtime.Leases;

/// <summary>Whether this process may act; asked before every outside effect.</summary>
public interface ILeadership
{
    /// <summary>True while this process holds the lease by its own clock.</summary>
    bool IsLeader { get; }

    /// <summary>How long this process may still act if it cannot renew; zero when it does not lead, infinite where nobody else can take over.</summary>
    TimeSpan Remaining { get; }

    /// <summary>Returns once this process leads.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>Refuses to go on without leadership.</summary>
    void ThrowIfNotLeader()
    {
        if (!IsLeader)
            throw new LeadershipLostException();
    }
}

/// <summary>An effect was asked for by a process that does not lead.</summary>
public sealed class LeadershipLostException() : InvalidOperationException("This process does not hold the lease");

/// <summary>For a process that is alone by construction.</summary>
public sealed class AlwaysLeader : ILeadership
{
    /// <inheritdoc/>
    public bool IsLeader => true;

    /// <inheritdoc/>
    public TimeSpan Remaining => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
