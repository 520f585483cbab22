using Prometheus;

namespace Sam.Runtime.Controllers;

/// <summary>The controller metrics that controller-runtime made standard.</summary>
/// <param name="registry">Where they live.</param>
public sealed class ControllerMetrics(CollectorRegistry registry)
{
    // controller-runtime's own, so that its dashboards and recording rules fit.
    private static readonly double[] s_buckets =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.15,
        0.2,
        0.25,
        0.3,
        0.35,
        0.4,
        0.45,
        0.5,
        0.6,
        0.7,
        0.8,
        0.9,
        1,
        1.25,
        1.5,
        1.75,
        2,
        2.5,
        3,
        3.5,
        4,
        4.5,
        5,
        6,
        7,
        8,
        9,
        10,
        15,
        20,
        25,
        30,
        40,
        50,
        60,
    ];

    private readonly Counter _reconciles = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "controller_runtime_reconcile_total",
            "Total number of reconciliations per controller.",
            "controller",
            "result"
        );

    private readonly Counter _errors = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "controller_runtime_reconcile_errors_total",
            "Total number of reconciliation errors per controller.",
            "controller"
        );

    private readonly Histogram _time = Metrics
        .WithCustomRegistry(registry)
        .CreateHistogram(
            "controller_runtime_reconcile_time_seconds",
            "Length of time per reconciliation per controller.",
            ["controller"],
            new HistogramConfiguration { Buckets = s_buckets }
        );

    private readonly Gauge _active = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge("controller_runtime_active_workers", "Number of currently used workers per controller.", "controller");

    private readonly Gauge _most = Metrics
        .WithCustomRegistry(registry)
        .CreateGauge(
            "controller_runtime_max_concurrent_reconciles",
            "Maximum number of concurrent reconciles per controller.",
            "controller"
        );

    internal void Starting(string controller, int parallelism)
    {
        _most.WithLabels(controller).Set(parallelism);
        _errors.WithLabels(controller).Inc(0);
        foreach (var result in new[] { "success", "requeue_after", "error" })
            _reconciles.WithLabels(controller, result).Inc(0);
    }

    internal IDisposable Working(string controller) => _active.WithLabels(controller).TrackInProgress();

    internal void Ran(string controller, string result, TimeSpan time)
    {
        _reconciles.WithLabels(controller, result).Inc();
        _time.WithLabels(controller).Observe(time.TotalSeconds);
        if (result == "error")
            _errors.WithLabels(controller).Inc();
    }
}
