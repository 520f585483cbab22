using Prometheus;

namespace Sam.Runtime.Transport;

/// <summary>Counts what the API server is asked, under the name client-go made standard.</summary>
/// <param name="registry">Where the metrics live.</param>
public sealed class RestClientMetrics(CollectorRegistry registry)
{
    private readonly Counter _requests = Metrics
        .WithCustomRegistry(registry)
        .CreateCounter(
            "rest_client_requests_total",
            "Number of HTTP requests, partitioned by status code, method, and host.",
            "code",
            "method",
            "host"
        );

    /// <summary>Counts one request.</summary>
    public void Count(string code, string method, string host) => _requests.WithLabels(code, method, host).Inc();
}
