using k8s;
using k8s.KubeConfigModels;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Sam.DevCluster;
using Sam.DevCluster.Faults;
using Sam.Runtime.Informers;
using Sam.Runtime.Transport;
using Sam.Testing;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>The operator's informer against every fault: in the end its store is what the cluster holds.</summary>
public sealed class InformerFaultTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private DevClusterServer _server = null!;
    private ClusterClient _client = null!;
    private Informer<V1ConfigMap> _informer = null!;
    private Task _run = Task.CompletedTask;

    public static TheoryData<DevClusterFault> Faults =>
        [
            new(FaultAction.Status)
            {
                Verb = "list",
                Code = 500,
                Count = 1,
            },
            new(FaultAction.Status)
            {
                Verb = "list",
                Code = 503,
                Count = 1,
            },
            new(FaultAction.Status)
            {
                Verb = "list",
                Code = 429,
                Count = 1,
            },
            new(FaultAction.Status)
            {
                Verb = "list",
                Code = 410,
                Count = 1,
            },
            new(FaultAction.Status)
            {
                Verb = "watch",
                Code = 410,
                Count = 1,
            },
            new(FaultAction.Status)
            {
                Verb = "watch",
                Code = 429,
                Count = 1,
            },
            new(FaultAction.Latency) { Latency = TimeSpan.FromMilliseconds(20), Count = 3 },
            new(FaultAction.LoseAnswer) { Verb = "list", Count = 1 },
            new(FaultAction.HalfAnswer) { Verb = "list", Count = 1 },
            new(FaultAction.Cut) { Verb = "watch", Count = 1 },
            new(FaultAction.ExpireWatch) { Count = 1 },
            new(FaultAction.CutWatch)
            {
                Probability = 0.3,
                Count = 3,
                Seed = 7,
            },
            new(FaultAction.HangWatch) { Count = 1 },
        ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DevClusterServer.StartAsync(cancellationToken: Cancel);
        _client = ClusterClient.Of(_server);
        _informer = new Informer<V1ConfigMap>(
            HttpTransport.Connect(
                KubernetesClientConfiguration.BuildConfigFromConfigObject(
                    KubernetesYaml.Deserialize<K8SConfiguration>(_server.Kubeconfig)
                ),
                new RestClientMetrics(Metrics.NewCustomRegistry()),
                TimeProvider.System
            ),
            new ObjectStore<V1ConfigMap>([]),
            new InformerOptions { Silence = TimeSpan.FromSeconds(2) },
            new Random(1),
            TimeProvider.System,
            NullLogger<Informer<V1ConfigMap>>.Instance
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task An_informer_survives(DevClusterFault fault)
    {
        await _client.CreateAsync("before");
        var rule = _server.Faults.Play(fault with { Resource = "configmaps" });
        _run = _informer.RunAsync(_stop.Token);

        var made = 0;
        await Poll.UntilAsync(
            async () =>
            {
                if (made < 12)
                    await _client.CreateAsync($"c{made++}");
                return made == 12 && _server.Faults.HappenedOf(rule) > 0 && _informer.Store.List().Count == 13;
            },
            () => Task.FromResult($"{_informer.Store.List().Count} of 13 seen, {_server.Faults.HappenedOf(rule)} hits"),
            Cancel
        );

        Assert.Equal(12, _informer.Store.List().Count(map => map.Metadata.Name.StartsWith('c')));
    }

    [Fact]
    public async Task Dropped_watches_and_forgotten_history_are_caught_up_with()
    {
        _run = _informer.RunAsync(_stop.Token);
        await _informer.WaitForSyncAsync(Cancel);

        for (var round = 0; round < 3; round++)
        {
            await _client.CreateAsync($"r{round}");
            _server.Faults.CompactHistory();
            _server.Faults.DropWatches("configmaps");
        }

        await Poll.UntilAsync(() => _informer.Store.List().Count == 3, "three objects seen", Cancel);
    }
}
