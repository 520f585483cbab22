using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Testing;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Observability;

/// <summary>The operator's real program with a collector of traces beside it.</summary>
public sealed class TraceExportTests(SharedCluster shared) : IDisposable
{
    private readonly HttpListener _collector = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    public void Dispose() => _collector.Close();

    [Fact]
    public async Task Spans_reach_the_collector_that_the_environment_names_and_logs_carry_their_ids()
    {
        var stop = TestContext.Current.CancellationToken;
        var endpoint = Listen();
        var settings = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test",
            ["Logging__LogLevel__Sam"] = "Debug",
        };
        await using var process = await OperatorProcess.StartAsync(shared.Cluster, settings, stop);

        await process.Kube.CreateAsync(A.Project(), stop);
        await process.Expect.ReadyAsync<Project>("acme", stop);
        await Poll.UntilAsync(
            () => Task.FromResult(_received.Any(request => request.Body.Contains("Reconcile Project", StringComparison.Ordinal))),
            () => Task.FromResult($"{_received.Count} requests to the collector, none with the span"),
            stop
        );

        var span = _received.First(request => request.Body.Contains("Reconcile Project", StringComparison.Ordinal));
        Assert.Equal("/v1/traces", span.Path);
        Assert.Contains("sam-operator", span.Body, StringComparison.Ordinal);
        Assert.Contains("deployment.environment.name", span.Body, StringComparison.Ordinal);
        // The span may be there before the line has come through the pipe.
        string? line = null;
        await Poll.UntilAsync(
            () =>
                (line = process.Output.FirstOrDefault(text => text.Contains("Reconciled Project", StringComparison.Ordinal)))
                    is not null,
            "a line about the run",
            stop
        );
        using var json = JsonDocument.Parse(line!);
        var keys = json.RootElement.GetProperty("Scopes").EnumerateArray().SelectMany(KeysOf).ToHashSet();
        Assert.Superset(new HashSet<string> { "Kind", "Namespace", "Name", "Uid", "ReconcileId", "TraceId" }, keys);
    }

    private static IEnumerable<string> KeysOf(JsonElement scope) => scope.EnumerateObject().Select(property => property.Name);

    private string Listen()
    {
        var endpoint = $"http://127.0.0.1:{FreePorts.Next()}/";
        _collector.Prefixes.Add(endpoint);
        _collector.Start();
        _ = ReceiveAsync();
        return endpoint;
    }

    private async Task ReceiveAsync()
    {
        while (_collector.IsListening)
        {
            HttpListenerContext request;
            try
            {
                request = await _collector.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return; // the test is over
            }

            using var reader = new StreamReader(request.Request.InputStream, Encoding.Latin1);
            _received.Enqueue((request.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
            request.Response.Close();
        }
    }
}
