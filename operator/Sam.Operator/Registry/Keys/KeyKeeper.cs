using Sam.Runtime.Leases;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Keys;

/// <summary>
/// Drives the rotation: reads the ring, makes what is due, publishes it, and only then lets a new key have its time. Killed anywhere, the next
/// run goes on from the Secret.
/// </summary>
internal sealed class KeyKeeper(
    KeySecret secret,
    TrustMap trust,
    RegistryKeys keys,
    RegistryOptions options,
    ILeadership leadership,
    TimeProvider timeProvider,
    ILogger<KeyKeeper> logger
) : BackgroundService
{
    /// <summary>What is signed is good for an hour at most (a pull Secret's login); clocks may be two minutes apart.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(62);

    private readonly RotationRule _rule = new(options.RotateEvery, options.PublishAhead, LongestLife);

    /// <summary>One look.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        var kept = await secret.ReadAsync(timeProvider.GetUtcNow(), cancellationToken);
        if (leadership.IsLeader)
            kept = await RotateAsync(kept, cancellationToken);
        keys.Take(kept.Ring);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is KubernetesApiException or InvalidDataException or LeadershipLostException)
            {
                RegistryLog.KeysNotKept(logger, fault.Message);
            }

            await PauseAsync(stoppingToken);
        }
    }

    private async Task<KeySecret.Kept> RotateAsync(KeySecret.Kept kept, CancellationToken cancellationToken)
    {
        var next = KeyRotation.Next(kept.Ring, kept.Request, _rule, timeProvider.GetUtcNow());
        if (next != kept.Ring)
        {
            kept = await secret.WriteAsync(kept, next, cancellationToken);
            RegistryLog.KeysChanged(logger, next.Keys.Length, next.Keys[^1].Thumbprint);
        }

        await trust.PublishAsync(kept.Ring, cancellationToken);
        var published = KeyRotation.Published(kept.Ring, _rule, timeProvider.GetUtcNow());
        if (published == kept.Ring)
            return kept;
        kept = await secret.WriteAsync(kept, published, cancellationToken);
        RegistryLog.KeyPublished(logger, published.Keys[^1].Thumbprint, published.Keys[^1].SignsFrom!.Value);
        return kept;
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.KeyRefresh, timeProvider, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the loop ends
        }
    }
}
