using Prometheus;

namespace Sam.Runtime.Transport;

/// <summary>Counts and times what the API server is asked, under the names client-go made standard.</summary>
/// <param name="registry">Where the metrics live.</param>
public sealed class RestClientMetrics(CollectorRegistry registry)
{
    private static readonly double[] s_buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

    private readonly Counter _requests = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "rest_client_requests_total",
            "Number of HTTP requests, partitioned by status code, method, and host.",
            "code",
            "method",
            "host"
        );

    private readonly Histogram _duration = Metrics
        .WithCustomRegistry(registry)
        .CreateHistogram(
            "rest_client_request_duration_seconds",
            "Request latency in seconds. Broken down by verb, and host.",
            ["verb", "host"],
            new HistogramConfiguration { Buckets = s_buckets }
        );

    /// <summary>Counts and times one request.</summary>
    /// <param name="code">The answer's code, or <c>&lt;error&gt;</c> if none came.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="host">The server.</param>
    /// <param name="time">From the request to its whole answer; to the first byte of a watch.</param>
    public void Answered(string code, TransportRequest request, string host, TimeSpan time)
    {
        _requests.WithLabels(code, request.Method.Method, host).Inc();
        _duration.WithLabels(request.Method.Method, host).Observe(time.TotalSeconds);
    }
}
