using Prometheus;

namespace Sam.Runtime.Events;

/// <summary>Counts what became of events.</summary>
/// <param name="registry">Where the metrics live.</param>
public sealed class EventMetrics(CollectorRegistry registry)
{
    private readonly Counter _events = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "event_recorder_events_total",
            "Events by what became of them: written, folded, dropped, failed or namespace_terminating.",
            "result"
        );

    internal void Count(string result) => _events.WithLabels(result).Inc();
}
