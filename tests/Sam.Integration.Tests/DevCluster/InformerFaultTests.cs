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

    private static readonly Dictionary<string, DevClusterFault> Faults = new()
    {
        ["a list that fails"] = new(FaultAction.Status) { Verb = "list", Code = 500 },
        ["a list that is unavailable"] = new(FaultAction.Status) { Verb = "list", Code = 503 },
        ["a list that is refused for now"] = new(FaultAction.Status) { Verb = "list", Code = 429 },
        ["a list that expired"] = new(FaultAction.Status) { Verb = "list", Code = 410 },
        ["a list whose answer is lost"] = new(FaultAction.LoseAnswer) { Verb = "list" },
        ["a list that breaks in the middle"] = new(FaultAction.HalfAnswer) { Verb = "list" },
        ["a watch that is too old"] = new(FaultAction.Status) { Verb = "watch", Code = 410 },
        ["a watch that is refused for now"] = new(FaultAction.Status) { Verb = "watch", Code = 429 },
        ["a watch that is cut at once"] = new(FaultAction.Cut) { Verb = "watch" },
        ["a watch that expires"] = new(FaultAction.ExpireWatch),
        ["a watch that is cut at a change"] = new(FaultAction.CutWatch) { Skip = 2 },
        ["a watch that hangs"] = new(FaultAction.HangWatch),
        ["everything slow"] = new(FaultAction.Latency) { Latency = TimeSpan.FromMilliseconds(20) },
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DevClusterServer.StartAsync(new DevClusterOptions { PublishesAuthority = false }, Cancel);
        _client = ClusterClient.Of(_server);
        _informer = Make(streams: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task An_informer_survives(string name)
    {
        if (name.StartsWith("a list", StringComparison.Ordinal))
            _informer = Make(streams: false);
        await _client.CreateAsync("before");
        var rule = _server.Faults.Play(Faults[name] with { Resource = "configmaps", Count = 1 });
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

    private Informer<V1ConfigMap> Make(bool streams) =>
        new(
            HttpTransport.Connect(
                KubernetesClientConfiguration.BuildConfigFromConfigObject(
                    KubernetesYaml.Deserialize<K8SConfiguration>(_server.Kubeconfig)
                ),
                new RestClientMetrics(Metrics.NewCustomRegistry()),
                TimeProvider.System
            ),
            new ObjectStore<V1ConfigMap>([]),
            new InformerOptions
            {
                Namespaces = ["default"],
                Silence = TimeSpan.FromSeconds(2),
                StreamsInitialEvents = streams,
            },
            new Random(1),
            TimeProvider.System,
            NullLogger<Informer<V1ConfigMap>>.Instance
        );
}
