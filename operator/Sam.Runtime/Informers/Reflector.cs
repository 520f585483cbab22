using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Informers;

/// <summary>
/// Keeps one scope of a store (a namespace, or all) like the server: list, then watch from there, for ever.
/// <code>
///   list --ok--> watch --ended, silent, broken--> watch again from the last version seen (with back-off)
///    ^             |
///    +--- 410, refused, not understood ---+
/// </code>
/// </summary>
internal sealed class Reflector<TEntity>(
    ResourceLister<TEntity> lister,
    WatchReader<TEntity> reader,
    Backoff backoff,
    Random random,
    TimeProvider timeProvider,
    ILogger logger
)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly string _plural = ResourceKind.Of<TEntity>().Plural;
    private string? _version;
    private int _failures;

    /// <summary>Runs until cancelled; faults are logged and retried.</summary>
    public async Task RunAsync(
        Action<ResourceSnapshot<TEntity>> replace,
        Action<WatchEvent<TEntity>> apply,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_version is null)
                {
                    var snapshot = await lister.ListAsync(cancellationToken);
                    replace(snapshot);
                    _version = snapshot.ResourceVersion;
                    InformerLog.Listed(logger, _plural, snapshot.Items.Count, _version);
                }

                await WatchAsync(_version, apply, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // whatever it is, a cache that gives up is worse: it is logged, and repeated with back-off
            catch (Exception fault)
#pragma warning restore CA1031
            {
                await RecoverAsync(fault, cancellationToken);
            }
        }
    }

    private async Task WatchAsync(string from, Action<WatchEvent<TEntity>> apply, CancellationToken cancellationToken)
    {
        // 5 to 10 min, so that the watches of many kinds and processes do not end together.
        var timeout = TimeSpan.FromSeconds(300 + Next(300));
        var startedAt = timeProvider.GetTimestamp();
        using var watch = await lister.WatchAsync(from, timeout, cancellationToken);
        await foreach (var change in reader.ReadAsync(watch, cancellationToken))
        {
            apply(change);
            _version = change.Object.Metadata.ResourceVersion;
            _failures = 0;
        }

        // A server that ends watches at once must not be asked in a loop.
        if (timeProvider.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(1))
            await WaitAsync(cancellationToken);
        else
            _failures = 0;
    }

    private async Task RecoverAsync(Exception fault, CancellationToken cancellationToken)
    {
        InformerLog.WatchFailed(logger, fault, _plural);
        if (
            fault
            is KubernetesApiException { Code: not 0 and not 429 and not >= 500 }
                or KubernetesApiException { IsExpired: true }
        )
            _version = null;
        if (fault is not (KubernetesApiException or IOException or OperationCanceledException))
            _version = null; // a line that cannot be read, or an index that failed: what the store holds is not to be trusted
        // The first 410 and the first silent watch are ordinary life and repaired at once.
        if (_failures++ == 0 && fault is KubernetesApiException { IsExpired: true } or WatchSilentException)
            return;
        await WaitAsync(cancellationToken, (fault as KubernetesApiException)?.RetryAfter);
    }

    private async Task WaitAsync(CancellationToken cancellationToken, TimeSpan? atLeast = null)
    {
        TimeSpan delay;
        lock (random)
            delay = backoff.Delay(Math.Max(0, _failures - 1), random);
        if (atLeast > delay)
            delay = atLeast.Value;
        try
        {
            await Task.Delay(delay, timeProvider, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            InformerLog.Stopped(logger, _plural);
        }
    }

    private int Next(int limit)
    {
        lock (random)
            return random.Next(limit);
    }
}
