using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class InformerTests
{
    [Theory, Seeds(20)]
    public void Lists_in_pages_and_is_synced_after_the_last(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                for (var i = 0; i < 1201; i++)
                    world.Cluster.Put(Thing.Path($"t{i:0000}"), Thing.Json($"t{i:0000}"));

                await world.StartAsync();

                Assert.Equal(1201, world.Store.List().Count);
                Assert.Equal(
                    3,
                    world.Cluster.Sent("GET").Count(request => request.Contains("limit=500", StringComparison.Ordinal))
                );
            }
        );

    [Theory, Seeds(20)]
    public void An_expired_continuation_is_followed_by_a_list_without_pages(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                for (var i = 0; i < 600; i++)
                    world.Cluster.Put(Thing.Path($"t{i:0000}"), Thing.Json($"t{i:0000}"));
                world.Cluster.Fault = request =>
                    request.Path.Contains("continue=", StringComparison.Ordinal) ? MemoryCluster.Refuse(410, "Expired") : null;

                await world.StartAsync();

                Assert.Equal(600, world.Store.List().Count);
            }
        );

    [Theory, Seeds(20)]
    public void Drops_managed_fields_and_finds_by_index_and_namespace(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one", color: "red"));
                world.Cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b", "blue"));

                await world.StartAsync();

                Assert.Null(world.Store.Get("a", "one")!.Metadata.ManagedFields);
                Assert.Equal(["two"], world.Store.ByIndex("color", "blue").Select(thing => thing.Metadata.Name));
                Assert.Equal(["one"], world.Store.List("a").Select(thing => thing.Metadata.Name));
                world.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
                await sim.UntilAsync(
                    () => world.Store.ByIndex("color", "blue").Count == 2,
                    TimeSpan.FromSeconds(30),
                    "the index follows a change"
                );
                Assert.Empty(world.Store.ByIndex("color", "red"));
            }
        );

    [Theory, Seeds(20)]
    public void Tells_handlers_what_was_and_what_is(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                await world.StartAsync();

                world.Cluster.Put(Thing.Path("one"), Thing.Json("one", color: "red"));
                world.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
                world.Cluster.Remove(Thing.Path("one"));

                await sim.UntilAsync(() => world.Told.Count == 3, TimeSpan.FromSeconds(30), "three changes told");
                Assert.Equal([(null, "red"), ("red", "blue"), ("blue", null)], world.Told);
            }
        );

    [Theory, Seeds(20)]
    public void An_ended_watch_goes_on_from_the_last_bookmark(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                await world.StartAsync();
                world.Cluster.Put("/api/v1/namespaces/a/secrets/other", """{"metadata":{"name":"other","namespace":"a"}}""");
                world.Cluster.SendBookmarks();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));

                world.Cluster.EndWatches();
                await sim.UntilAsync(() => world.Watches == 2, TimeSpan.FromSeconds(30), "a second watch");

                Assert.EndsWith("resourceVersion=101", world.Cluster.Sent("GET")[^1]);
                Assert.Equal(1, world.Lists);
            }
        );

    [Theory, Seeds(20)]
    public void A_version_that_is_too_old_is_listed_again_and_deletes_are_told(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                var asEvent = seed % 2 == 0;
                world.Cluster.Put(Thing.Path("stays"), Thing.Json("stays"));
                world.Cluster.Put(Thing.Path("goes"), Thing.Json("goes", color: "grey"));
                await world.StartAsync();
                world.Cluster.Remove(Thing.Path("goes"), silently: true);
                world.Cluster.Compact();
                if (asEvent)
                    world.Cluster.SendLine("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""");
                else
                    world.Cluster.EndWatches();

                await sim.UntilAsync(() => world.Store.List().Count == 1, TimeSpan.FromMinutes(5), "the relist");

                Assert.Contains(("grey", null), world.Told);
                Assert.Equal(2, world.Lists);
                Assert.Equal(3, world.Told.Count); // two when it started, one delete; what did not change is not told again
            }
        );

    [Theory, Seeds(20)]
    public void A_silent_watch_is_replaced_and_a_bookmark_counts_as_life(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                await world.StartAsync();

                await sim.AdvanceAsync(TimeSpan.FromSeconds(80));
                var before = world.Store.List().Count;
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await sim.UntilAsync(() => world.Store.List().Count > before, TimeSpan.FromSeconds(30), "a sign of life");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(80));
                Assert.Equal(1, world.Watches);

                // The reader may begin to count a moment after the store shows what it read: time goes on until it does.
                await sim.UntilAsync(() => world.Watches == 2, TimeSpan.FromMinutes(5), "a second watch");
                Assert.Equal(1, world.Lists);
            }
        );

    [Theory, Seeds(20)]
    public void An_outage_is_waited_out_with_growing_pauses(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
                _ = sim.Start(() => world.Informer.RunAsync(CancellationToken.None));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.False(world.Informer.HasSynced);
                Assert.InRange(world.Cluster.Sent("GET").Count, 2, 40);
                world.Cluster.Fault = _ => null;
                await sim.UntilAsync(() => world.Informer.HasSynced, TimeSpan.FromMinutes(5), "synced after the outage");
            }
        );

    [Theory, Seeds(20)]
    public void Several_namespaces_are_read_one_by_one(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                world.Cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b"));
                world.Cluster.Put(Thing.Path("three", "c"), Thing.Json("three", "c"));
                var informer = world.Make(new InformerOptions { Namespaces = ["a", "b"], StreamsInitialEvents = false });

                _ = sim.Start(() => informer.RunAsync(CancellationToken.None));
                await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);

                Assert.Equal(["one", "two"], world.Store.List().Select(thing => thing.Metadata.Name).Order());
            }
        );

    [Theory, Seeds(20)]
    public void Metadata_of_secrets_is_kept_without_their_data(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(
                    "/api/v1/namespaces/a/secrets/token",
                    """{"metadata":{"name":"token","namespace":"a","labels":{"x":"y"},"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"czNjcjN0\"}}"}},"data":{"k":"czNjcjN0"}}"""
                );
                var store = new ObjectStore<MetadataOf<V1Secret>>([]);
                var informer = new Informer<MetadataOf<V1Secret>>(
                    world.Cluster,
                    store,
                    new InformerOptions { StreamsInitialEvents = false },
                    new Random(1),
                    sim.Clock,
                    NullLogger<Informer<MetadataOf<V1Secret>>>.Instance
                );

                _ = sim.Start(() => informer.RunAsync(CancellationToken.None));
                await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);

                var kept = k8s.KubernetesJson.Serialize(store.Get("a", "token"));
                Assert.Contains("\"x\":\"y\"", kept);
                Assert.DoesNotContain("czNjcjN0", kept);
            }
        );

    [Theory, Seeds(20)]
    public void Our_own_write_is_seen_at_once_and_an_older_event_does_not_take_it_back(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                world.Cluster.WatchesHold = true;
                await world.StartAsync();
                world.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "foreign");
                var client = new KubernetesResourceClient<Thing>(world.Cluster, new AlwaysLeader(), [world.Store]);

                await client.MergePatchAsync(
                    "a",
                    "one",
                    """{"spec":{"color":"ours"}}""",
                    null,
                    TestContext.Current.CancellationToken
                );

                Assert.Equal("ours", world.Store.Get("a", "one")!.Spec.Color);
                world.Cluster.ReleaseWatches();
                await sim.UntilAsync(() => world.Told.Count == 3, TimeSpan.FromSeconds(30), "the whole story told");
                Assert.Equal([(null, "red"), ("red", "foreign"), ("foreign", "ours")], world.Told);
                Assert.Equal("ours", world.Store.Get("a", "one")!.Spec.Color);
            }
        );

    [Theory, Seeds(20)]
    public void A_late_answer_does_not_bring_back_what_is_deleted(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await world.StartAsync();
                var late = Copy.Of(world.Store.Get("a", "one")!);
                world.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
                late.Metadata.ResourceVersion = world.Cluster.Find(Thing.Path("one"))!["metadata"]![
                    "resourceVersion"
                ]!.GetValue<string>();
                world.Cluster.Remove(Thing.Path("one"));
                await sim.UntilAsync(() => world.Store.List().Count == 0, TimeSpan.FromSeconds(30), "gone from the cache");

                world.Store.Seen(late);

                Assert.Null(world.Store.Get("a", "one"));
            }
        );

    /// <summary>An informer over a cluster in memory.</summary>
    private sealed class World(Simulation sim)
    {
        private Informer<Thing>? _informer;

        public MemoryCluster Cluster { get; } = new(sim);

        public ObjectStore<Thing> Store { get; } = new([new("color", thing => [thing.Spec.Color])]);

        public Informer<Thing> Informer => _informer ??= Make();

        public List<(string? Old, string? New)> Told { get; } = [];

        public int Watches => Cluster.Sent("GET").Count(request => request.Contains("watch=true", StringComparison.Ordinal));

        public int Lists => Cluster.Sent("GET").Count(request => request.Contains("limit=", StringComparison.Ordinal));

        public Informer<Thing> Make(InformerOptions? options = null)
        {
            var informer = new Informer<Thing>(
                Cluster,
                Store,
                options ?? new InformerOptions { StreamsInitialEvents = false },
                new Random(sim.Seed),
                sim.Clock,
                NullLogger<Informer<Thing>>.Instance
            );
            informer.AddHandler((old, current) => Told.Add((old?.Spec.Color, current?.Spec.Color)));
            return informer;
        }

        public async Task StartAsync()
        {
            _ = sim.Start(() => Informer.RunAsync(CancellationToken.None));
            await Informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
            await sim.UntilAsync(() => Cluster.OpenWatches == 1, TimeSpan.FromSeconds(1), "the watch");
        }
    }
}
