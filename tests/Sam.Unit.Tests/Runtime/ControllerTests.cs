using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class ControllerTests
{
    private const string Finalizer = "test.dev/cleanup";

    [Theory, Seeds(20)]
    public void The_finalizer_is_there_before_the_first_effect(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                var atFirstRun = new TaskCompletionSource<JsonNode?>();
                world.Controller.Reconcile = thing =>
                {
                    atFirstRun.TrySetResult(world.Cluster.Find(Thing.Path("one"))!["metadata"]!["finalizers"]);
                    return ReconciliationResult<Thing>.Success(thing);
                };

                await world.StartAsync();

                Assert.Equal([Finalizer], (await atFirstRun.Task)!.AsArray().Select(name => name!.GetValue<string>()));
            }
        );

    [Theory, Seeds(20)]
    public void A_deleted_object_goes_when_nothing_is_left_and_a_foreign_finalizer_stays(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                var left = 3;
                world.Controller.Finalize = thing =>
                    ReconciliationResult<Thing>.Success(thing, --left > 0 ? TimeSpan.FromSeconds(5) : null);
                await world.StartAsync();
                await sim.UntilAsync(() => world.HasFinalizer(Finalizer), TimeSpan.FromSeconds(1), "our finalizer");
                world.Cluster.Change(
                    Thing.Path("one"),
                    thing => thing["metadata"]!["finalizers"]!.AsArray().Add("other.dev/hold")
                );
                world.Cluster.Change(
                    Thing.Path("one"),
                    thing => thing["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z"
                );

                await sim.UntilAsync(() => !world.HasFinalizer(Finalizer), TimeSpan.FromHours(3), "our finalizer removed");

                Assert.True(world.HasFinalizer("other.dev/hold"));
                Assert.Equal(0, left);
            }
        );

    [Theory, Seeds(20)]
    public void A_failing_object_is_tried_for_ever_and_does_not_hold_up_others(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("bad"), Thing.Json("bad"));
                world.Cluster.Put(Thing.Path("good"), Thing.Json("good"));
                var (bad, good) = (0, 0);
                world.Controller.Reconcile = thing =>
                {
                    if (thing.Metadata.Name == "good")
                    {
                        ++good;
                        return ReconciliationResult<Thing>.Success(thing);
                    }

                    return ++bad < 25
                        ? throw new InvalidOperationException("not yet")
                        : ReconciliationResult<Thing>.Success(thing);
                };

                await world.StartAsync();

                await sim.UntilAsync(() => good > 0, TimeSpan.FromSeconds(1), "the good one");
                await sim.UntilAsync(() => bad >= 25, TimeSpan.FromHours(3), "the bad one after many failures");
            }
        );

    [Theory, Seeds(20)]
    public void No_two_runs_of_one_object_overlap(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                var (inside, most, runs) = (0, 0, 0);
                world.Controller.ReconcileAsyncHook = async () =>
                {
                    most = Math.Max(most, ++inside);
                    await Task.Yield();
                    --inside;
                    ++runs;
                };
                await world.StartAsync();
                var requeue = world.Services.GetRequiredService<IRequeue<Thing>>();

                while (runs < 200)
                {
                    requeue.Enqueue("a", "one");
                    await Task.Yield();
                }

                Assert.Equal(1, most);
            }
        );

    [Theory, Seeds(20)]
    public void Another_kind_wakes_the_objects_it_concerns(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await world.StartAsync();
                await sim.UntilAsync(
                    () => world.Controller.Runs == 2,
                    TimeSpan.FromSeconds(1),
                    "the first run and the echo of its finalizer"
                );

                world.Cluster.Put("/api/v1/namespaces/a/configmaps/c", """{"metadata":{"name":"c","namespace":"a"}}""");

                await sim.UntilAsync(() => world.Controller.Runs == 3, TimeSpan.FromSeconds(1), "a run");
            }
        );

    [Theory, Seeds(20)]
    public void Everything_is_looked_at_again_after_ten_minutes_and_nothing_is_written(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                for (var i = 0; i < 20; i++)
                    world.Cluster.Put(Thing.Path($"t{i}"), Thing.Json($"t{i}"));
                await world.StartAsync();
                await sim.UntilAsync(
                    () => world.Controller.Runs == 40,
                    TimeSpan.FromSeconds(1),
                    "the first runs and the echoes of their finalizers"
                );

                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                await sim.UntilAsync(() => world.Controller.Runs == 60, TimeSpan.FromSeconds(1), "one run each");
                Assert.Equal(20, world.Cluster.Writes);
            }
        );

    [Theory, Seeds(20)]
    public void The_next_run_sees_what_the_one_before_wrote_though_the_watch_is_late(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                world.Cluster.WatchesHold = true;
                var client = world.Services.GetRequiredService<IResourceClient<Thing>>();
                var seen = new List<string?>();
                world.Controller.Whole = async thing =>
                {
                    seen.Add(thing.Status.Claim);
                    var written = await client.MergePatchAsync(
                        "a",
                        "one",
                        $$$"""{"status":{"claim":"{{{seen.Count}}}"}}""",
                        "status",
                        CancellationToken.None
                    );
                    return ReconciliationResult<Thing>.Success(written, TimeSpan.FromSeconds(1));
                };

                await world.StartAsync();
                await sim.UntilAsync(() => seen.Count >= 3, TimeSpan.FromHours(3), "three runs");

                Assert.Equal([null, "1", "2"], seen.Take(3));
            }
        );

    [Theory, Seeds(20)]
    public void A_lost_race_for_the_finalizer_is_read_again_and_won(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                var raced = false;
                world.Cluster.Before = request =>
                {
                    if (request.Method != HttpMethod.Patch || raced)
                        return;
                    raced = true;
                    world.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
                };

                await world.StartAsync();
                await sim.UntilAsync(() => world.Controller.Runs > 0, TimeSpan.FromHours(3), "a run");

                Assert.True(world.HasFinalizer(Finalizer));
                Assert.Equal("blue", world.Cluster.Find(Thing.Path("one"))!["spec"]!["color"]!.GetValue<string>());
            }
        );

    [Theory, Seeds(20)]
    public void Shutdown_waits_for_the_run_in_progress(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                await using var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                var gate = new TaskCompletionSource();
                var (entered, left) = (false, false);
                world.Controller.ReconcileAsyncHook = async () =>
                {
                    entered = true;
                    await gate.Task;
                    left = true;
                };
                await world.StartAsync();
                await sim.UntilAsync(() => entered, TimeSpan.FromSeconds(1), "a run in progress");

                var stop = world.Host.StopAsync(CancellationToken.None);
                Assert.False(stop.IsCompleted);
                gate.SetResult();
                await stop;

                Assert.True(left);
            }
        );

    /// <summary>A whole runtime with one controller over a cluster in memory.</summary>
    private sealed class World : IAsyncDisposable
    {
        public World(Simulation sim)
        {
            Cluster = new MemoryCluster(sim);
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton(sim.Clock);
            services.AddSingleton<IKubernetesTransport>(Cluster);
            services.AddSingleton(Metrics.NewCustomRegistry());
            services.AddSingleton(Controller);
            services
                .AddKubernetesRuntime(options => options.Seed = sim.Seed)
                .AddController<ScriptedController, Thing>(new ControllerOptions { Parallelism = 4, FinalizerName = Finalizer })
                .Watches<ScriptedController, Thing, V1ConfigMap>(
                    (map, stores) => stores.Of<Thing>().List(map.Metadata.NamespaceProperty).Select(thing => ObjectKey.Of(thing))
                );
            Services = services.BuildServiceProvider();
            Host = Services.GetServices<IHostedService>().Single();
        }

        public MemoryCluster Cluster { get; }

        public ScriptedController Controller { get; } = new();

        public ServiceProvider Services { get; }

        public IHostedService Host { get; }

        public Task StartAsync() => Host.StartAsync(TestContext.Current.CancellationToken);

        public bool HasFinalizer(string name) =>
            Cluster.Find(Thing.Path("one"))?["metadata"]?["finalizers"]?.AsArray().Any(node => node!.GetValue<string>() == name)
            == true;

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync(CancellationToken.None);
            await Services.DisposeAsync();
        }
    }

    /// <summary>A controller that does what a test says.</summary>
    internal sealed class ScriptedController : IEntityController<Thing>, IEntityFinalizer<Thing>
    {
        private int _runs;

        public int Runs => _runs;

        public Func<Task> ReconcileAsyncHook { get; set; } = () => Task.CompletedTask;

        /// <summary>Takes the place of <see cref="Reconcile"/>, for a run that waits.</summary>
        public Func<Thing, Task<ReconciliationResult<Thing>>>? Whole { get; set; }

        public Func<Thing, ReconciliationResult<Thing>> Reconcile { get; set; } =
            thing => ReconciliationResult<Thing>.Success(thing);

        public Func<Thing, ReconciliationResult<Thing>> Finalize { get; set; } =
            thing => ReconciliationResult<Thing>.Success(thing);

        public async Task<ReconciliationResult<Thing>> ReconcileAsync(Thing entity, CancellationToken cancellationToken)
        {
            await ReconcileAsyncHook();
            _runs++;
            return Whole is null ? Reconcile(entity) : await Whole(entity);
        }

        public Task<ReconciliationResult<Thing>> FinalizeAsync(Thing entity, CancellationToken cancellationToken) =>
            Task.FromResult(Finalize(entity));
    }
}
