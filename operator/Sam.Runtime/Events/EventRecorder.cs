using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Waiting;

namespace Sam.Runtime.Events;

/// <summary>
/// Records events in the background, as events are optional observation: nobody waits for them, a full queue drops the oldest and counts it.
/// <code>
///   first of its key ----> created             known for 6 min after the last one
///   second          -----> series {count: 2}   at once, so that "again" is seen
///   more            -----> series {count: n}   once a minute
///   11th wording of one reason within 10 min -> "(combined from similar events)"
/// </code>
/// </summary>
/// <param name="reporter">The name of the component that reports.</param>
/// <param name="instance">The process that reports.</param>
/// <param name="client">The way to Events.</param>
/// <param name="metrics">Counts what became of events.</param>
/// <param name="random">The source of names.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where failures go.</param>
[Rbac<Eventsv1Event>("create", "patch")]
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
    private static readonly TimeSpan s_fold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(6); // as client-go: a series that is silent for so long has ended

    private readonly EventFactory _factory = new(reporter, instance, random, timeProvider);
    private readonly EventWriter _writer = new(client, metrics, timeProvider, logger);
    private readonly SimilarEvents _similar = new();
    private readonly Dictionary<EventKey, EventSeries> _series = [];
    private readonly Channel<(EventKey Key, Eventsv1Event Event)> _queue = Channel.CreateBounded<(EventKey, Eventsv1Event)>(
        new BoundedChannelOptions(QueueLimit) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => metrics.Count("dropped")
    );
    private readonly WakeUp _wakeUp = new();

    /// <inheritdoc/>
    public void Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning = false)
    {
        var key = EventKey.Of(regarding, reason, EventText.Cut(message), isWarning);
        if (_queue.Writer.TryWrite((key, _factory.Make(key, regarding))))
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
        if (!IsGoingOn(key, now) && _similar.Combine(key, now) is var combined && combined != key)
        {
            key = combined;
            entity.Note = EventText.Cut($"(combined from similar events): {entity.Note}");
        }

        if (IsGoingOn(key, now))
            await RepeatAsync(key, _series[key], now, cancellationToken);
        else if (await _writer.CreateAsync(key, entity, cancellationToken) is { } written)
            Remember(key, new EventSeries(written, now));
    }

    private bool IsGoingOn(EventKey key, DateTimeOffset now) =>
        _series.TryGetValue(key, out var series) && now - series.LastAt < s_idle;

    private async Task RepeatAsync(EventKey key, EventSeries series, DateTimeOffset now, CancellationToken cancellationToken)
    {
        series.Repeat(now);
        metrics.Count("folded");
        if (series.Count == 2 || now - series.WrittenAt >= s_fold)
            await TellAsync(key, series, cancellationToken);
    }

    private void Remember(EventKey key, EventSeries series)
    {
        if (_series.Count >= SeriesLimit)
            _series.Remove(_series.MinBy(pair => pair.Value.LastAt).Key);
        _series[key] = series;
    }

    private async Task FlushAsync(Func<EventSeries, bool> isDue, CancellationToken cancellationToken)
    {
        foreach (var (key, series) in _series.ToList())
        {
            if (series.HasNews && isDue(series))
                await TellAsync(key, series, cancellationToken);
            if (timeProvider.GetUtcNow() - series.LastAt >= s_idle)
                _series.Remove(key);
        }
    }

    private async Task TellAsync(EventKey key, EventSeries series, CancellationToken cancellationToken)
    {
        var written = await _writer.TellAsync(key, series, cancellationToken);
        series.Told(timeProvider.GetUtcNow());
        if (written is null)
            _series.Remove(key); // perhaps it expired: the next repeat is an event of its own
    }
}
