using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;
using Sam.Integration.Tests.Kit;
using Sam.Runtime.Transport;

namespace Sam.Integration.Tests.Observability;

/// <summary>Watches are streams on shared connections; they must never take the last one.</summary>
public sealed class ManyWatchesTests(SharedCluster shared)
{
    [Fact]
    public async Task More_watches_than_a_connection_has_streams_leave_room_for_requests()
    {
        var stop = TestContext.Current.CancellationToken;
        var transport = Connect();
        var watch = new TransportRequest(HttpMethod.Get, "/api/v1/configmaps?watch=true&timeoutSeconds=300") { IsWatch = true };

        // Kestrel allows 100 streams a connection, as API servers do 100 to 250.
        var watches = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => transport.SendAsync(watch, stop)));
        using var answer = await transport.SendAsync(new TransportRequest(HttpMethod.Get, "/api/v1/namespaces"), stop);

        Assert.Equal(200, answer.Code);
        Assert.All(watches, opened => Assert.Equal(200, opened.Code));
        foreach (var opened in watches)
            opened.Dispose();
    }

    [Fact]
    public async Task It_speaks_HTTP_2()
    {
        var spoken = new ConcurrentBag<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, _, tags, _) =>
            {
                var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
                if (all["server.port"] is int port && port == Port())
                    spoken.Add(all["network.protocol.version"]);
            }
        );
        listener.Start();

        using var answer = await Connect()
            .SendAsync(new TransportRequest(HttpMethod.Get, "/api/v1/namespaces"), TestContext.Current.CancellationToken);

        Assert.Contains("2", spoken);
    }

    private int Port() => new Uri(shared.Cluster.Configuration().Host).Port;

    private HttpTransport Connect() =>
        HttpTransport.Connect(
            shared.Cluster.Configuration(),
            new RestClientMetrics(Metrics.NewCustomRegistry()),
            TimeProvider.System
        );
}
