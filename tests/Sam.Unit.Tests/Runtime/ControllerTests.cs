using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

public sealed class ControllerTests : IAsyncDisposable
{
    private const string Finalizer = "test.dev/cleanup";
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryCluster _cluster = new();
    private readonly ScriptedController _controller = new();
    private readonly ServiceProvider _services;
    private readonly IHostedService _host;

    public ControllerTests()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton<IKubernetesTransport>(_cluster);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton(_controller);
        services
            .AddKubernetesRuntime(options => options.Seed = 1)
            .AddController<ScriptedController, Thing>(new ControllerOptions { Parallelism = 4, FinalizerName = Finalizer })
            .Watches<ScriptedController, Thing, V1ConfigMap>(
                (map, stores) => stores.Of<Thing>().List(map.Metadata.NamespaceProperty).Select(thing => ObjectKey.Of(thing))
            );
        _services = services.BuildServiceProvider();
        _host = _services.GetServices<IHostedService>().Single();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task The_finalizer_is_there_before_the_first_effect()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        var atFirstRun = new TaskCompletionSource<JsonNode?>();
        _controller.Reconcile = thing =>
        {
            atFirstRun.TrySetResult(_cluster.Find(Thing.Path("one"))!["metadata"]!["finalizers"]);
            return ReconciliationResult<Thing>.Success(thing);
        };

        await StartAsync();

        Assert.Equal([Finalizer], (await atFirstRun.Task)!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public async Task A_deleted_object_goes_when_nothing_is_left_and_a_foreign_finalizer_stays()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        var left = 3;
        _controller.Finalize = thing =>
            ReconciliationResult<Thing>.Success(thing, Interlocked.Decrement(ref left) > 0 ? TimeSpan.FromSeconds(5) : null);
        await StartAsync();
        await Eventually.True(() => HasFinalizer(Finalizer), "our finalizer");
        _cluster.Change(Thing.Path("one"), thing => thing["metadata"]!["finalizers"]!.AsArray().Add("other.dev/hold"));
        _cluster.Change(Thing.Path("one"), thing => thing["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");

        await AdvanceUntilAsync(() => !HasFinalizer(Finalizer), "our finalizer removed");

        Assert.True(HasFinalizer("other.dev/hold"));
        Assert.Equal(0, left);
    }

    [Fact]
    public async Task A_failing_object_is_tried_for_ever_and_does_not_hold_up_others()
    {
        _cluster.Put(Thing.Path("bad"), Thing.Json("bad"));
        _cluster.Put(Thing.Path("good"), Thing.Json("good"));
        var (bad, good) = (0, 0);
        _controller.Reconcile = thing =>
        {
            if (thing.Metadata.Name == "good")
            {
                Interlocked.Increment(ref good);
                return ReconciliationResult<Thing>.Success(thing);
            }

            return Interlocked.Increment(ref bad) < 25
                ? throw new InvalidOperationException("not yet")
                : ReconciliationResult<Thing>.Success(thing);
        };

        await StartAsync();

        await Eventually.True(() => Volatile.Read(ref good) > 0, "the good one");
        await AdvanceUntilAsync(() => Volatile.Read(ref bad) >= 25, "the bad one after many failures");
    }

    [Fact]
    public async Task No_two_runs_of_one_object_overlap()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        var (inside, most, runs) = (0, 0, 0);
        _controller.ReconcileAsyncHook = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref runs);
        };
        await StartAsync();
        var requeue = _services.GetRequiredService<IRequeue<Thing>>();

        await Eventually.True(
            () =>
            {
                requeue.Enqueue("a", "one");
                return Volatile.Read(ref runs) > 200;
            },
            "many runs"
        );

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Another_kind_wakes_the_objects_it_concerns()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        await StartAsync();
        await Eventually.True(() => _controller.Runs == 2, "the first run and the echo of its finalizer");

        _cluster.Put("/api/v1/namespaces/a/configmaps/c", """{"metadata":{"name":"c","namespace":"a"}}""");

        await Eventually.True(() => _controller.Runs == 3, "a run");
    }

    [Fact]
    public async Task Everything_is_looked_at_again_after_ten_minutes_and_nothing_is_written()
    {
        for (var i = 0; i < 20; i++)
            _cluster.Put(Thing.Path($"t{i}"), Thing.Json($"t{i}"));
        await StartAsync();
        await Eventually.True(() => _controller.Runs == 40, "the first runs and the echoes of their finalizers");

        _clock.Advance(TimeSpan.FromMinutes(10));

        await Eventually.True(() => _controller.Runs == 60, "one run each");
        Assert.Equal(20, _cluster.Writes());
    }

    [Fact]
    public async Task The_next_run_sees_what_the_one_before_wrote_though_the_watch_is_late()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        _cluster.WatchesHold = true;
        var client = _services.GetRequiredService<IResourceClient<Thing>>();
        var seen = new List<string?>();
        _controller.Reconcile = thing =>
        {
            lock (seen)
                seen.Add(thing.Status.Claim);
            var written = client
                .MergePatchAsync("a", "one", $$$"""{"status":{"claim":"{{{seen.Count}}}"}}""", "status", CancellationToken.None)
                .GetAwaiter()
                .GetResult();
            return ReconciliationResult<Thing>.Success(written, TimeSpan.FromSeconds(1));
        };

        await StartAsync();
        await AdvanceUntilAsync(() => seen.Count >= 3, "three runs");

        Assert.Equal([null, "1", "2"], seen.Take(3));
    }

    [Fact]
    public async Task A_lost_race_for_the_finalizer_is_read_again_and_won()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        var raced = false;
        _cluster.Before = request =>
        {
            if (request.Method != HttpMethod.Patch || raced)
                return;
            raced = true;
            _cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        };

        await StartAsync();
        await AdvanceUntilAsync(() => _controller.Runs > 0, "a run");

        Assert.True(HasFinalizer(Finalizer));
        Assert.Equal("blue", _cluster.Find(Thing.Path("one"))!["spec"]!["color"]!.GetValue<string>());
    }

    [Fact]
    public async Task Shutdown_waits_for_the_run_in_progress()
    {
        _cluster.Put(Thing.Path("one"), Thing.Json("one"));
        var gate = new TaskCompletionSource();
        var (entered, left) = (false, false);
        _controller.ReconcileAsyncHook = async () =>
        {
            entered = true;
            await gate.Task;
            left = true;
        };
        await StartAsync();
        await Eventually.True(() => entered, "a run in progress");

        var stop = _host.StopAsync(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        gate.SetResult();
        await stop;

        Assert.True(left);
    }

    private Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    private bool HasFinalizer(string name) =>
        _cluster.Find(Thing.Path("one"))?["metadata"]?["finalizers"]?.AsArray().Any(node => node!.GetValue<string>() == name)
        == true;

    private Task AdvanceUntilAsync(Func<bool> condition, string what) =>
        Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            what
        );

    /// <summary>A controller that does what a test says.</summary>
    internal sealed class ScriptedController : IEntityController<Thing>, IEntityFinalizer<Thing>
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public Func<Task> ReconcileAsyncHook { get; set; } = () => Task.CompletedTask;

        public Func<Thing, ReconciliationResult<Thing>> Reconcile { get; set; } =
            thing => ReconciliationResult<Thing>.Success(thing);

        public Func<Thing, ReconciliationResult<Thing>> Finalize { get; set; } =
            thing => ReconciliationResult<Thing>.Success(thing);

        public async Task<ReconciliationResult<Thing>> ReconcileAsync(Thing entity, CancellationToken cancellationToken)
        {
            await ReconcileAsyncHook();
            Interlocked.Increment(ref _runs);
            return Reconcile(entity);
        }

        public Task<ReconciliationResult<Thing>> FinalizeAsync(Thing entity, CancellationToken cancellationToken) =>
            Task.FromResult(Finalize(entity));
    }
}
