using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

public sealed class LeaderElectorTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _lost = [];
    private readonly List<Task> _runs = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        _stop.Dispose();
    }

    [Fact]
    public async Task The_first_one_leads_and_the_second_waits()
    {
        var first = Start("first", _stop.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        var second = Start("second", _stop.Token);

        for (var i = 0; i < 60; i++)
            await TickAsync(first, second);

        Assert.True(first.IsLeader);
        Assert.False(second.IsLeader);
        Assert.Equal("first", Holder());
    }

    [Fact]
    public async Task A_dead_leader_is_followed_within_the_lease_and_never_before_its_own_deadline()
    {
        using var death = new CancellationTokenSource();
        var first = Start("first", death.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        var second = Start("second", _stop.Token);
        await Eventually.True(() => _cluster.Sent("GET").Count >= 2, "the second has looked");
        await death.CancelAsync();

        var (overlap, seconds) = (false, 0);
        for (; seconds < 60 && !second.IsLeader; seconds++)
        {
            await TickAsync();
            overlap |= first.IsLeader && second.IsLeader;
        }

        Assert.False(overlap);
        Assert.InRange(seconds, 10, 20);
        Assert.Equal("second", Holder());
        Assert.Equal(1, _cluster.Find(Path)!["spec"]!["leaseTransitions"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_released_lease_is_taken_at_the_next_look()
    {
        using var end = new CancellationTokenSource();
        var first = Start("first", end.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        var second = Start("second", _stop.Token);
        await Eventually.True(() => _cluster.Sent("GET").Count >= 2, "the second has looked");
        await end.CancelAsync();

        await first.ReleaseAsync(TestContext.Current.CancellationToken);

        Assert.False(first.IsLeader);
        await TickAsync();
        await TickAsync();
        await Eventually.True(() => second.IsLeader, "the second leads");
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_at_its_deadline_and_ends()
    {
        var first = Start("first", _stop.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        _cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");

        var seconds = 0;
        for (; seconds < 60 && Lost().Count == 0; seconds++)
            await TickAsync();

        Assert.Equal(["first"], Lost());
        Assert.InRange(seconds, 10, 14);
        Assert.False(first.IsLeader);
    }

    [Fact]
    public async Task A_process_that_was_stopped_finds_itself_without_leadership_at_once()
    {
        var first = Start("first", _stop.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        var client = new KubernetesResourceClient<V1ConfigMap>(_cluster, first, []);
        _cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");

        _clock.Advance(TimeSpan.FromSeconds(11));

        var map = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "x", NamespaceProperty = "a" },
        };
        await Assert.ThrowsAsync<LeadershipLostException>(() => client.CreateAsync(map, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(_cluster.Sent("POST"), request => request.Contains("configmaps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_leader_that_finds_another_holder_ends()
    {
        var first = Start("first", _stop.Token);
        await Eventually.True(() => first.IsLeader, "the first leads");
        _cluster.Change(Path, lease => lease["spec"]!["holderIdentity"] = "thief");

        for (var i = 0; i < 4 && Lost().Count == 0; i++)
            await TickAsync();

        Assert.Equal(["first"], Lost());
    }

    private const string Path = "/apis/coordination.k8s.io/v1/namespaces/ops/leases/main";

    private string? Holder() => _cluster.Find(Path)?["spec"]?["holderIdentity"]?.GetValue<string>();

    private List<string> Lost()
    {
        lock (_lost)
            return [.. _lost];
    }

    private LeaderElector Start(string identity, CancellationToken end)
    {
        var options = new LeaseOptions
        {
            Namespace = "ops",
            Name = "main",
            Identity = identity,
        };
        IKubernetesTransport transport = _cluster;
        var client = new KubernetesResourceClient<V1Lease>(transport, new AlwaysLeader(), []);
        var elector = new LeaderElector(
            options,
            client,
            new Exits(() => _lost.Add(identity)),
            _clock,
            NullLogger<LeaderElector>.Instance
        );
        _runs.Add(elector.RunAsync(end));
        return elector;
    }

    // One second passes, and whoever waits for it has its turn.
    private async Task TickAsync(params LeaderElector[] electors)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100 + electors.Length; i++)
            await Task.Yield();
    }

    private sealed class Exits(Action exit) : Sam.Runtime.Hosting.IProcessExit
    {
        public void Exit(int code) => exit();
    }
}
