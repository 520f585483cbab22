using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Informers;

/// <summary>
/// Keeps one scope of a store (a namespace, or all) like the server: everything, then changes from there, for ever.
/// <code>
///   stream (all objects and changes in one watch) --ended, silent, broken--+
///      |not supported: remembered                                          v
///   list in pages --ok--> watch --ended, silent, broken--> watch again from the last version seen (with back-off)
///    ^                      |
///    +--- 410, refused, not understood: all again (by stream, if it is supported)
/// </code>
/// </summary>
internal sealed class Reflector<TEntity>(
    ResourceLister<TEntity> lister,
    WatchReader<TEntity> reader,
    bool streams,
    Backoff backoff,
    Random random,
    TimeProvider timeProvider,
    InformerMetrics.Series? metrics,
    ILogger logger
)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly string _plural = ResourceKind.Of<TEntity>().Plural;
    private bool _streams = streams;
    private string? _version;
    private int _failures;
    private long _lifeAt = timeProvider.GetTimestamp();

    /// <summary>How long the server has said nothing.</summary>
    public TimeSpan Silence => timeProvider.GetElapsedTime(Interlocked.Read(ref _lifeAt));

    /// <summary>Runs until cancelled; faults are logged and retried.</summary>
    public async Task RunAsync(
        Action<ResourceSnapshot<TEntity>> replace,
        Action<WatchEvent<TEntity>> apply,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var startedAt = timeProvider.GetTimestamp();
            try
            {
                if (_version is null && _streams)
                    await StreamAsync(replace, apply, cancellationToken);
                else
                    await ListAndWatchAsync(replace, apply, cancellationToken);
                metrics?.WatchEnded("ended");
                await RestAsync(startedAt, cancellationToken);
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

    private async Task ListAndWatchAsync(
        Action<ResourceSnapshot<TEntity>> replace,
        Action<WatchEvent<TEntity>> apply,
        CancellationToken cancellationToken
    )
    {
        if (_version is null)
            Begin(await lister.ListAsync(cancellationToken), "pages", replace);
        using var watch = await lister.WatchAsync(_version!, WatchTimeout(), cancellationToken);
        await foreach (var change in reader.ReadAsync(watch, cancellationToken))
            Take(change, apply);
    }

    private async Task StreamAsync(
        Action<ResourceSnapshot<TEntity>> replace,
        Action<WatchEvent<TEntity>> apply,
        CancellationToken cancellationToken
    )
    {
        using var initial = new InitialEvents<TEntity>(timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, initial.Silent);
        try
        {
            using var watch = await lister.StreamAsync(WatchTimeout(), cancellationToken);
            initial.Begin();
            await foreach (var change in reader.ReadAsync(watch, either.Token))
            {
                if (initial.IsComplete)
                    Take(change, apply);
                else if (initial.Take(change) is { } snapshot)
                    Begin(snapshot, "stream", replace);
            }
        }
        catch (OperationCanceledException)
            when (initial.Silent.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StreamingUnsupportedException("it went silent before the end of the initial events");
        }
        // 400 and 422 are how servers refuse a parameter that they do not know, or whose feature is off.
        catch (KubernetesApiException fault) when (!initial.IsComplete && fault.Code is 400 or 422)
        {
            throw new StreamingUnsupportedException(fault.Message);
        }
    }

    private void Begin(ResourceSnapshot<TEntity> snapshot, string way, Action<ResourceSnapshot<TEntity>> replace)
    {
        replace(snapshot);
        _version = snapshot.ResourceVersion;
        metrics?.Listed(way);
        InformerLog.Listed(logger, _plural, snapshot.Items.Count, _version);
        Lives();
    }

    private void Take(WatchEvent<TEntity> change, Action<WatchEvent<TEntity>> apply)
    {
        apply(change);
        _version = change.Object.Metadata.ResourceVersion;
        _failures = 0;
        Lives();
    }

    private void Lives() => Interlocked.Exchange(ref _lifeAt, timeProvider.GetTimestamp());

    // 5 to 10 min, so that the watches of many kinds and processes do not end together.
    private TimeSpan WatchTimeout()
    {
        lock (random)
            return TimeSpan.FromSeconds(300 + random.Next(300));
    }

    // A server that ends watches at once must not be asked in a loop.
    private async Task RestAsync(long startedAt, CancellationToken cancellationToken)
    {
        if (timeProvider.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(1))
            await WaitAsync(cancellationToken);
        else
            _failures = 0;
    }

    private async Task RecoverAsync(Exception fault, CancellationToken cancellationToken)
    {
        if (fault is StreamingUnsupportedException)
        {
            _streams = false; // asked once: the answer will not change before the server is another one
            InformerLog.NotStreamed(logger, _plural, fault.Message);
            return;
        }

        InformerLog.WatchFailed(logger, fault, _plural);
        metrics?.WatchEnded(WatchFault.CauseOf(fault));
        if (WatchFault.MakesVersionUseless(fault))
            _version = null;
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
}
