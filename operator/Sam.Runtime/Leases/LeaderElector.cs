using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Waiting;

namespace Sam.Runtime.Leases;

/// <summary>
/// Holds one Lease. Whether we lead is judged by our own monotonic clock from before the last renewal was sent: a process that was
/// stopped for a while finds itself without leadership before it does anything.
/// </summary>
/// <param name="options">The lease.</param>
/// <param name="client">The way to Leases; must not ask for leadership itself.</param>
/// <param name="exit">Ends the process when the lease is lost.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where milestones go.</param>
[Rbac<V1Lease>("get", "create", "update", InOwnNamespace = true)]
public sealed class LeaderElector(
    LeaseOptions options,
    IResourceClient<V1Lease> client,
    IProcessExit exit,
    TimeProvider timeProvider,
    ILogger<LeaderElector> logger
) : ILeadership
{
    private readonly Latch _acquired = new();
    private readonly Lock _lock = new();
    private long? _renewedAt;
    private V1Lease? _observed;
    private long _observedAt;

    /// <inheritdoc/>
    public bool IsLeader => Remaining > TimeSpan.Zero;

    /// <inheritdoc/>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                var left = _renewedAt is { } at ? options.RenewDeadline - timeProvider.GetElapsedTime(at) : TimeSpan.Zero;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero; // -1 ms would mean for ever
            }
        }
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellationToken) => _acquired.WaitAsync(cancellationToken);

    /// <summary>Acquires and renews until cancelled or lost; a lost lease ends the process at once, since nothing it does now is safe.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await TryAsync(cancellationToken);
            if (_acquired.IsOpen && !IsLeader && !cancellationToken.IsCancellationRequested)
            {
                LeaseLog.Lost(logger, options.Namespace, options.Name);
                exit.Exit(ExitCodes.LeaseLost);
                return;
            }

            await WaitForTurnAsync(cancellationToken);
        }
    }

    /// <summary>Gives the lease back, so that the next one need not wait; after everything that acts, and <see cref="RunAsync"/>, have ended.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _renewedAt = null;
        // Read again: the end of the run may have hidden the answer to a renewal.
        if (await client.GetAsync(options.Namespace, options.Name, cancellationToken) is not { } lease)
            return;
        if (lease.Spec.HolderIdentity != options.Identity)
            return;
        lease.Spec.HolderIdentity = "";
        lease.Spec.LeaseDurationSeconds = 1;
        lease.Spec.RenewTime = MicroTime.Of(timeProvider.GetUtcNow());
        await client.UpdateAsync(lease, cancellationToken);
        LeaseLog.Released(logger, options.Namespace, options.Name);
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        // An answer that comes after the deadline is worth nothing, so nobody waits for it.
        using var timeout = new CancellationTokenSource(AnswerTimeout(), timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await AcquireOrRenewAsync(either.Token);
        }
#pragma warning disable CA1031 // an elector that gives up would neither lead nor end the process
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!cancellationToken.IsCancellationRequested)
                LeaseLog.AskFailed(logger, fault, options.Namespace, options.Name);
        }
    }

    private TimeSpan AnswerTimeout()
    {
        lock (_lock)
        {
            var left = _renewedAt is { } at ? options.RenewDeadline - timeProvider.GetElapsedTime(at) : options.RenewDeadline / 2;
            return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        }
    }

    private async Task AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        var sentAt = timeProvider.GetTimestamp();
        var lease = await client.GetAsync(options.Namespace, options.Name, cancellationToken);
        if (lease is null)
        {
            Hold(await client.CreateAsync(Claim(null), cancellationToken), sentAt);
            return;
        }

        Observe(lease);
        if (lease.Spec.HolderIdentity == options.Identity || IsFree(lease))
        {
            Hold(await client.UpdateAsync(Claim(lease), cancellationToken), sentAt);
            return;
        }

        LeaseLog.HeldByAnother(logger, options.Namespace, options.Name, lease.Spec.HolderIdentity);
        lock (_lock)
            _renewedAt = null; // somebody else holds it: whatever our clock says, we do not
    }

    // Free when nobody holds it, or when we watched it unchanged for its whole duration: clocks of two machines are never compared.
    private bool IsFree(V1Lease lease) =>
        string.IsNullOrEmpty(lease.Spec.HolderIdentity)
        || timeProvider.GetElapsedTime(_observedAt)
            >= TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? options.Duration.TotalSeconds);

    private void Observe(V1Lease lease)
    {
        if (_observed?.Metadata.ResourceVersion == lease.Metadata.ResourceVersion)
            return;
        _observed = lease;
        _observedAt = timeProvider.GetTimestamp();
    }

    private void Hold(V1Lease lease, long sentAt)
    {
        Observe(lease);
        lock (_lock)
            _renewedAt = sentAt;
        if (_acquired.TryOpen())
            LeaseLog.Acquired(logger, options.Namespace, options.Name, options.Identity);
    }

    private V1Lease Claim(V1Lease? current)
    {
        var now = MicroTime.Of(timeProvider.GetUtcNow());
        var isRenewal = current?.Spec.HolderIdentity == options.Identity;
        return new V1Lease
        {
            Metadata = current?.Metadata ?? new V1ObjectMeta { Name = options.Name, NamespaceProperty = options.Namespace },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.Duration.TotalSeconds,
                AcquireTime = isRenewal ? current!.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (current?.Spec.LeaseTransitions ?? 0) + (current is null || isRenewal ? 0 : 1),
            },
        };
    }

    private async Task WaitForTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.RetryPeriod, timeProvider, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }
}
