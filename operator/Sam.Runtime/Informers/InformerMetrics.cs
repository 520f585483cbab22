using Prometheus;

namespace Sam.Runtime.Informers;

/// <summary>How fresh the caches are.</summary>
public sealed class InformerMetrics
{
    private static readonly string[] s_labels = ["resource", "view"];
    private readonly List<Action> _refresh = [];
    private readonly Gauge _objects;
    private readonly Gauge _silence;
    private readonly Counter _lists;
    private readonly Counter _ends;

    /// <summary>Registers the metrics.</summary>
    /// <param name="registry">Where they live.</param>
    public InformerMetrics(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        _objects = metrics.CreateGauge("informer_objects", "Objects in the cache; view is whole or metadata.", s_labels);
        _silence = metrics.CreateGauge(
            "informer_silence_seconds",
            "Time since the server last said anything: an event, a bookmark, a list. The least fresh scope counts.",
            s_labels
        );
        _lists = metrics.CreateCounter(
            "informer_lists_total",
            "Full reads of a scope: one at the start, the others since a watch could not go on. way is pages or stream.",
            [.. s_labels, "way"]
        );
        _ends = metrics.CreateCounter(
            "informer_watch_ends_total",
            "Watches that ended, by cause: ended (by the server's timeout), silent, expired, refused, broken or unreadable.",
            [.. s_labels, "cause"]
        );
        registry.AddBeforeCollectCallback(Refresh);
    }

    internal Series For(string resource, bool isMetadata) => new(this, resource, isMetadata ? "metadata" : "whole");

    private void Refresh()
    {
        lock (_refresh)
            _refresh.ForEach(refresh => refresh());
    }

    /// <summary>The metrics of one informer.</summary>
    internal sealed class Series(InformerMetrics metrics, string resource, string view)
    {
        public void Listed(string way) => metrics._lists.WithLabels(resource, view, way).Inc();

        public void WatchEnded(string cause) => metrics._ends.WithLabels(resource, view, cause).Inc();

        /// <summary>Measures whenever somebody scrapes.</summary>
        public void Measure(Func<int> count, Func<TimeSpan> silence)
        {
            var objects = metrics._objects.WithLabels(resource, view);
            var seconds = metrics._silence.WithLabels(resource, view);
            lock (metrics._refresh)
                metrics._refresh.Add(() =>
                {
                    objects.Set(count());
                    seconds.Set(silence().TotalSeconds);
                });
        }
    }
}
