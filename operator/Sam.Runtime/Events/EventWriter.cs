using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Events;

/// <summary>
/// Writes events; what cannot be written is counted and forgotten. A fault that time may mend is tried a few times, then the event is lost:
/// events are optional observation. A namespace that ends takes no new event, which is no fault at all.
/// </summary>
internal sealed class EventWriter(
    IResourceClient<Eventsv1Event> client,
    EventMetrics metrics,
    TimeProvider timeProvider,
    ILogger logger
)
{
    private const int Tries = 4;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Creates an event; null if it could not be.</summary>
    public Task<Eventsv1Event?> CreateAsync(EventKey key, Eventsv1Event entity, CancellationToken cancellationToken) =>
        TryAsync(key, () => client.CreateAsync(entity, cancellationToken), cancellationToken);

    /// <summary>Tells the server of repeats; null if it could not be, perhaps since the event has expired.</summary>
    public Task<Eventsv1Event?> TellAsync(EventKey key, EventSeries series, CancellationToken cancellationToken)
    {
        // The series alone: everything else of a written event is immutable.
        var body = new
        {
            series = new Eventsv1EventSeries { Count = series.Count, LastObservedTime = MicroTime.Of(series.LastAt) },
        };
        var metadata = series.Event.Metadata;
        var patch = KubernetesJson.Serialize(body);
        return TryAsync(
            key,
            () => client.MergePatchAsync(metadata.NamespaceProperty, metadata.Name, patch, null, cancellationToken),
            cancellationToken
        );
    }

    private async Task<Eventsv1Event?> TryAsync(
        EventKey key,
        Func<Task<Eventsv1Event>> write,
        CancellationToken cancellationToken
    )
    {
        for (var left = Tries - 1; ; left--)
        {
            try
            {
                var written = await write();
                metrics.Count("written");
                return written;
            }
            catch (KubernetesApiException fault)
                when (IsTransient(fault) && left > 0 && !cancellationToken.IsCancellationRequested)
            {
                await WaitAsync(fault, Tries - 1 - left, cancellationToken);
            }
            catch (KubernetesApiException fault) when (fault.IsNamespaceTerminating)
            {
                EventLog.NamespaceEnds(logger, key.Reason, key.Kind, key.Namespace, key.Name, key.Uid);
                metrics.Count("namespace_terminating");
                return null;
            }
            catch (Exception fault)
                when (fault is KubernetesApiException or Leases.LeadershipLostException or OperationCanceledException)
            {
                EventLog.Failed(logger, fault, key.Reason, key.Kind, key.Namespace, key.Name, key.Uid);
                metrics.Count("failed");
                return null;
            }
        }
    }

    private static bool IsTransient(KubernetesApiException fault) =>
        fault.Category is ErrorCategory.RateLimited || fault.Code is 0 or 408 or >= 500;

    private async Task WaitAsync(KubernetesApiException fault, int earlier, CancellationToken cancellationToken)
    {
        var wait = fault.RetryAfter ?? TimeSpan.FromSeconds(1 << earlier);
        try
        {
            await Task.Delay(wait < s_longestWait ? wait : s_longestWait, timeProvider, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the next try says so itself
        }
    }
}
