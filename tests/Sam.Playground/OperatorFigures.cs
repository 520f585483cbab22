using System.Globalization;

namespace Sam.Playground;

/// <summary>What the operator's own endpoints tell: when it is ready, and what it sent to the API server.</summary>
internal static class OperatorFigures
{
    private static readonly string[] Writes = ["POST", "PATCH", "PUT", "DELETE"];
    private static readonly HttpClient s_http = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{World.HealthPort}"),
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>Waits until every cache is synced; how long that took from now.</summary>
    public static async Task<TimeSpan> UntilReadyAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Writes to the API server since the process started, events included.</summary>
    public static async Task<double> KubernetesWritesAsync(CancellationToken cancellationToken)
    {
        var text = await s_http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith("rest_client_requests_total{", StringComparison.Ordinal))
            .Where(line => Writes.Any(verb => line.Contains($"\"{verb}\"", StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private static async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
