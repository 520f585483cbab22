using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Observability;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Spans: one a reconcile, below it its steps and requests; and the keys of the log lines in between.</summary>
[Collection(nameof(TracingTests))]
public sealed class TracingTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_run_is_a_trace_with_its_object_and_result_and_steps_are_below_it() =>
        Simulation.Run(
            1,
            async sim =>
            {
                var cluster = new MemoryCluster(sim);
                cluster.Put(Thing.Path("traced"), Thing.Json("traced"));
                await using var services = Make(sim, cluster, new LoggerFactory(), out var step);
                step.Then = _ => StepResult.Requeue(TimeSpan.FromMinutes(5), Built.Building, "Wait");
                var host = services.GetServices<IHostedService>().Single();
                await host.StartAsync(TestContext.Current.CancellationToken);

                await sim.UntilAsync(() => Of("Reconcile Thing", "traced").Any(), TimeSpan.FromSeconds(30), "the run's span");
                await host.StopAsync(TestContext.Current.CancellationToken);

                var run = Of("Reconcile Thing", "traced").First();
                Assert.Equal("a", run.GetTagItem("k8s.namespace.name"));
                Assert.Equal("requeue_after", run.GetTagItem("result"));
                Assert.Equal(
                    cluster.Find(Thing.Path("traced"))!["metadata"]!["uid"]!.GetValue<string>(),
                    run.GetTagItem("k8s.object.uid")
                );
                Assert.Equal(default, run.ParentSpanId);
                var below = Assert.Single(_spans, span => span.OperationName == "Step BuildStep" && span.TraceId == run.TraceId);
                Assert.Equal((run.SpanId, "requeue"), (below.ParentSpanId, below.GetTagItem("result")));
            }
        );

    [Fact]
    public void A_step_that_fails_is_an_error_in_both_spans() =>
        Simulation.Run(
            1,
            async sim =>
            {
                var cluster = new MemoryCluster(sim);
                cluster.Put(Thing.Path("fails"), Thing.Json("fails"));
                await using var services = Make(sim, cluster, new LoggerFactory(), out var step);
                step.Act = (_, _) => throw new TimeoutException("too slow");
                var host = services.GetServices<IHostedService>().Single();
                await host.StartAsync(TestContext.Current.CancellationToken);

                await sim.UntilAsync(() => Of("Reconcile Thing", "fails").Any(), TimeSpan.FromSeconds(30), "the run's span");
                await host.StopAsync(TestContext.Current.CancellationToken);

                var run = Of("Reconcile Thing", "fails").First();
                var below = _spans.First(span => span.OperationName == "Step BuildStep" && span.TraceId == run.TraceId);
                Assert.All(
                    [run, below],
                    span => Assert.Equal((ActivityStatusCode.Error, "too slow"), (span.Status, span.StatusDescription))
                );
            }
        );

    [Fact]
    public void Every_line_of_a_run_carries_the_object_and_the_trace() =>
        Simulation.Run(
            1,
            async sim =>
            {
                var cluster = new MemoryCluster(sim);
                cluster.Put(Thing.Path("logged"), Thing.Json("logged"));
                var scopes = new ScopeRecorder();
                using var logs = LoggerFactory.Create(logging => logging.AddProvider(scopes));
                await using var services = Make(sim, cluster, logs, out var step);
                step.Act = (_, _) =>
                {
                    logs.CreateLogger("library").LogWarning("knows nothing of Kubernetes");
                    return Task.CompletedTask;
                };
                var host = services.GetServices<IHostedService>().Single();
                await host.StartAsync(TestContext.Current.CancellationToken);

                await sim.UntilAsync(() => Of("Reconcile Thing", "logged").Any(), TimeSpan.FromSeconds(30), "the run's span");
                await host.StopAsync(TestContext.Current.CancellationToken);

                var run = Of("Reconcile Thing", "logged").First();
                var line = scopes.Lines.First(text => text.StartsWith("knows nothing", StringComparison.Ordinal));
                Assert.Contains("Kind=Thing", line);
                Assert.Contains("Namespace=a", line);
                Assert.Contains("Name=logged", line);
                Assert.Contains($"Uid={run.GetTagItem("k8s.object.uid")}", line);
                Assert.Contains($"ReconcileId={run.TraceId.ToHexString()}", line);
            }
        );

    [Fact]
    public async Task A_request_is_a_span_and_tells_the_server_its_trace()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answer = AnswerOneAsync(server);
        using var client = new Kubernetes(
            new KubernetesClientConfiguration { Host = $"http://{server.LocalEndpoint}", DisableHttp2 = true }
        );
        var registry = Metrics.NewCustomRegistry();
        var transport = new HttpTransport(client, new RestClientMetrics(registry), TimeProvider.System);

        using var response = await transport.SendAsync(
            new TransportRequest(HttpMethod.Get, "/api/v1/nodes/none?pretty=1"),
            TestContext.Current.CancellationToken
        );

        var heads = await answer;
        var span = Assert.Single(_spans, span => (string?)span.GetTagItem("url.path") == "/api/v1/nodes/none");
        Assert.Equal((404, ActivityKind.Client), (span.GetTagItem("http.response.status_code"), span.Kind));
        Assert.Contains($"traceparent: 00-{span.TraceId.ToHexString()}-", heads);
        var host = server.LocalEndpoint!.ToString()!;
        Assert.Equal(1, registry.ValueOf("rest_client_requests_total", ("code", "404"), ("method", "GET"), ("host", host)));
        Assert.Equal(1, registry.ValueOf("rest_client_request_duration_seconds_count", ("verb", "GET"), ("host", host)));
    }

    private static async Task<string> AnswerOneAsync(TcpListener server)
    {
        using var connection = await server.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var heads = new StringBuilder();
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            heads.AppendLine(line);
        await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
        return heads.ToString();
    }

    private IEnumerable<Activity> Of(string name, string thing) =>
        _spans.Where(span => span.OperationName == name && (string?)span.GetTagItem("k8s.object.name") == thing);

    private static ServiceProvider Make(Simulation sim, MemoryCluster cluster, ILoggerFactory logs, out BuildStep step)
    {
        var fixture = new StepFixture();
        step = (BuildStep)fixture.First;
        var services = new ServiceCollection();
        services.AddSingleton(sim.Clock);
        services.AddLogging();
        services.AddSingleton(logs);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<IKubernetesTransport>(cluster);
        services.AddSingleton<IStepContextFactory<Thing, StepRun<Thing>>>(fixture);
        services.AddSingleton<IConditionSet<Thing>>(fixture);
        services.AddSingleton(step);
        services
            .AddKubernetesRuntime(options => options.Seed = 1)
            .AddController<TracedController, Thing>(new ControllerOptions());
        return services.BuildServiceProvider();
    }

    private sealed class TracedController(StepRunner<Thing, StepRun<Thing>> runner, BuildStep step) : IEntityController<Thing>
    {
        public Task<ReconciliationResult<Thing>> ReconcileAsync(Thing entity, CancellationToken cancellationToken) =>
            runner.RunAsync(entity, [step], cancellationToken);
    }
}

/// <summary>Writes down each line with the keys of its scopes.</summary>
internal sealed class ScopeRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Writer(ScopeRecorder recorder) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => recorder._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var text = new StringBuilder(formatter(state, exception));
            recorder._scopes.ForEachScope(
                static (scope, target) =>
                {
                    if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                        target.AppendJoin(' ', pairs.Select(pair => $" {pair.Key}={pair.Value}"));
                },
                text
            );
            recorder._lines.Enqueue(text.ToString());
        }
    }
}
