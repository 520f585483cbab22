using Prometheus;

namespace Sam.Runtime.Queues;

/// <summary>The work queue metrics that client-go and controller-runtime made standard.</summary>
public sealed class QueueMetrics
{
    private static readonly string[] s_labels = ["name", "controller"];
    private static readonly double[] s_buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];
    private readonly List<Action> _refresh = [];
    private readonly Gauge _depth;
    private readonly Counter _adds;
    private readonly Counter _retries;
    private readonly Histogram _queueDuration;
    private readonly Histogram _workDuration;
    private readonly Gauge _unfinished;
    private readonly Gauge _longest;

    /// <summary>Registers the metrics.</summary>
    /// <param name="registry">Where they live.</param>
    public QueueMetrics(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var histogram = new HistogramConfiguration { Buckets = s_buckets };
        _depth = metrics.CreateGauge("workqueue_depth", "Current depth of the work queue.", s_labels);
        _adds = metrics.CreateCounter("workqueue_adds_total", "Adds handled by the work queue.", s_labels);
        _retries = metrics.CreateCounter("workqueue_retries_total", "Retries handled by the work queue.", s_labels);
        _queueDuration = metrics.CreateHistogram(
            "workqueue_queue_duration_seconds",
            "How long an item waits in the work queue before it is taken.",
            s_labels,
            histogram
        );
        _workDuration = metrics.CreateHistogram(
            "workqueue_work_duration_seconds",
            "How long processing an item takes.",
            s_labels,
            histogram
        );
        _unfinished = metrics.CreateGauge(
            "workqueue_unfinished_work_seconds",
            "Seconds of work in progress that work_duration has not seen yet.",
            s_labels
        );
        _longest = metrics.CreateGauge(
            "workqueue_longest_running_processor_seconds",
            "Seconds that the longest running processor has been running.",
            s_labels
        );
        registry.AddBeforeCollectCallback(Refresh);
    }

    internal Series For(string name) => new(this, name);

    private void Refresh()
    {
        lock (_refresh)
            _refresh.ForEach(refresh => refresh());
    }

    /// <summary>The metrics of one queue.</summary>
    internal sealed class Series(QueueMetrics metrics, string name)
    {
        private readonly Gauge.Child _depth = metrics._depth.WithLabels(name, name);
        private readonly Counter.Child _adds = metrics._adds.WithLabels(name, name);
        private readonly Counter.Child _retries = metrics._retries.WithLabels(name, name);
        private readonly Histogram.Child _queueDuration = metrics._queueDuration.WithLabels(name, name);
        private readonly Histogram.Child _workDuration = metrics._workDuration.WithLabels(name, name);

        public void Added() => _adds.Inc();

        public void Retried() => _retries.Inc();

        public void Depth(int depth) => _depth.Set(depth);

        public void Taken(TimeSpan waited) => _queueDuration.Observe(waited.TotalSeconds);

        public void Finished(TimeSpan worked) => _workDuration.Observe(worked.TotalSeconds);

        /// <summary>Measures work in progress whenever somebody scrapes.</summary>
        public void MeasureRunning(Func<(TimeSpan Sum, TimeSpan Longest)> measure)
        {
            var unfinished = metrics._unfinished.WithLabels(name, name);
            var longest = metrics._longest.WithLabels(name, name);
            lock (metrics._refresh)
                metrics._refresh.Add(() =>
                {
                    var (sum, most) = measure();
                    unfinished.Set(sum.TotalSeconds);
                    longest.Set(most.TotalSeconds);
                });
        }
    }
}
