using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;
using Sam.Runtime.Waiting;

namespace Sam.Runtime.Events;

/// <summary>
/// Writes events in the background, as events are optional observation: nobody waits for them, a full queue drops the oldest, a failure is
/// counted and logged. Repeats are folded: the second is written at once, later ones once a minute.
/// </summary>
/// <param name="reporter">The name of the component that reports.</param>
/// <param name="instance">The process that reports.</param>
/// <param name="client">The way to Events.</param>
/// <param name="metrics">Counts what became of events.</param>
/// <param name="random">The source of names.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where failures go.</param>
public sealed class EventRecorder(
    string reporter,
    string instance,
    IResourceClient<Eventsv1Event> client,
    EventMetrics metrics,
    Random random,
    TimeProvider timeProvider,
    ILogger<EventRecorder> logger
) : IEventRecorder
{
    private const int QueueLimit = 1000;
    private const int SeriesLimit = 4096;
    private const int NoteLimit = 1000; // the server refuses more than 1 KiB
    private static readonly TimeSpan s_fold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(6);

    private readonly Dictionary<EventKey, EventSeries> _series = [];
    private readonly Channel<(EventKey Key, Eventsv1Event Event)> _queue = Channel.CreateBounded<(EventKey, Eventsv1Event)>(
        new BoundedChannelOptions(QueueLimit) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => metrics.Count("dropped")
    );
    private readonly WakeUp _wakeUp = new();

    /// <inheritdoc/>
    public void Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning = false)
    {
        var note = message.Length <= NoteLimit ? message : string.Concat(message.AsSpan(0, NoteLimit - 1), "…");
        var key = EventKey.Of(regarding, reason, note, isWarning);
        if (_queue.Writer.TryWrite((key, ToEvent(key, regarding))))
            _wakeUp.Call();
    }

    /// <summary>Ends the queue: what is in it is still written, nothing is taken any more.</summary>
    public void Complete()
    {
        _queue.Writer.TryComplete();
        _wakeUp.Call();
    }

    /// <summary>Writes until the queue is completed and empty, or until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var isFlushDue = false;
        using var tick = timeProvider.CreateTimer(_ => Flush(), null, s_fold, s_fold);
        while (!cancellationToken.IsCancellationRequested)
        {
            while (_queue.Reader.TryRead(out var read))
                await TakeAsync(read.Key, read.Event, cancellationToken);
            if (Interlocked.Exchange(ref isFlushDue, false))
                await FlushAsync(series => timeProvider.GetUtcNow() - series.WrittenAt >= s_fold, cancellationToken);
            else if (_queue.Reader.Completion.IsCompleted || !await WaitAsync(cancellationToken))
                break;
        }

        await FlushAsync(_ => true, cancellationToken);

        void Flush()
        {
            Volatile.Write(ref isFlushDue, true);
            _wakeUp.Call();
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _wakeUp.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task TakeAsync(EventKey key, Eventsv1Event entity, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (_series.TryGetValue(key, out var series) && now - series.LastAt < s_idle)
        {
            series.Repeat(now);
            metrics.Count("folded");
            if (series.Count == 2 || now - series.WrittenAt >= s_fold)
                await WriteSeriesAsync(key, series, cancellationToken);
            return;
        }

        if (await TryWriteAsync(key, () => client.CreateAsync(entity, cancellationToken), cancellationToken) is not { } written)
            return;
        if (_series.Count >= SeriesLimit)
            _series.Remove(_series.MinBy(pair => pair.Value.LastAt).Key);
        _series[key] = new EventSeries(written, now);
    }

    private async Task FlushAsync(Func<EventSeries, bool> isDue, CancellationToken cancellationToken)
    {
        foreach (var (key, series) in _series.ToList())
        {
            if (series.Unwritten > 0 && isDue(series))
                await WriteSeriesAsync(key, series, cancellationToken);
            if (timeProvider.GetUtcNow() - series.LastAt >= s_idle)
                _series.Remove(key);
        }
    }

    private async Task WriteSeriesAsync(EventKey key, EventSeries series, CancellationToken cancellationToken)
    {
        var body = new
        {
            series = new Eventsv1EventSeries { Count = series.Count, LastObservedTime = series.LastAt.UtcDateTime },
        };
        var metadata = series.Event.Metadata;
        var patch = KubernetesJson.Serialize(body);
        var written = await TryWriteAsync(
            key,
            () => client.MergePatchAsync(metadata.NamespaceProperty, metadata.Name, patch, null, cancellationToken),
            cancellationToken
        );
        series.WrittenAt = timeProvider.GetUtcNow();
        series.Unwritten = 0;
        if (written is null)
            _series.Remove(key); // perhaps it expired: the next repeat is an event of its own
    }

    private async Task<Eventsv1Event?> TryWriteAsync(
        EventKey key,
        Func<Task<Eventsv1Event>> write,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var written = await write();
            metrics.Count("written");
            return written;
        }
        catch (Exception fault) when (fault is KubernetesApiException or Leases.LeadershipLostException)
        {
            EventLog.Failed(logger, fault, key.Reason, key.Kind, key.Namespace, key.Name, key.Uid);
        }
        catch (OperationCanceledException fault) when (cancellationToken.IsCancellationRequested)
        {
            EventLog.Failed(logger, fault, key.Reason, key.Kind, key.Namespace, key.Name, key.Uid);
        }

        metrics.Count("failed");
        return null;
    }

    private Eventsv1Event ToEvent(EventKey key, IKubernetesObject<V1ObjectMeta> regarding)
    {
        var now = timeProvider.GetUtcNow();
        // Events about objects outside namespaces live in "default", as everybody looks there.
        var @namespace = key.Namespace.Length == 0 ? "default" : key.Namespace;
        int salt;
        lock (random)
            salt = random.Next();
        return new Eventsv1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{Shorten(key.Name)}.{now.Ticks:x}{salt:x8}", NamespaceProperty = @namespace },
            EventTime = now.UtcDateTime,
            Type = key.IsWarning ? "Warning" : "Normal",
            Reason = key.Reason,
            Note = key.Note,
            Action = "Reconcile",
            ReportingController = reporter,
            ReportingInstance = instance,
            Regarding = new V1ObjectReference
            {
                ApiVersion = regarding.ApiVersion,
                Kind = key.Kind,
                Name = key.Name,
                NamespaceProperty = key.Namespace.Length == 0 ? null : key.Namespace,
                Uid = key.Uid,
                ResourceVersion = regarding.Metadata.ResourceVersion,
            },
        };
    }

    private static string Shorten(string name) => name.Length <= 220 ? name : name[..220];
}
