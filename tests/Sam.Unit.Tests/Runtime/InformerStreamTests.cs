using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Everything as the beginning of the watch, and what happens where the server cannot do that.</summary>
public sealed class InformerStreamTests
{
    [Theory, Seeds(20)]
    public void One_request_brings_everything_and_every_change_after_it(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                world.Cluster.Put(Thing.Path("two", "b"), Thing.Json("two", "b"));

                await world.StartAsync();
                world.Cluster.Put(Thing.Path("three"), Thing.Json("three"));

                await sim.UntilAsync(() => world.Store.Count == 3, TimeSpan.FromSeconds(30), "the change");
                Assert.Equal(["+one", "+two", "+three"], world.Told);
                var request = Assert.Single(world.Cluster.Sent("GET"));
                Assert.Contains("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", request);
                Assert.Contains("allowWatchBookmarks=true", request);
                Assert.DoesNotContain("resourceVersion=", request);
                Assert.Null(world.Store.Get("a", "one")!.Metadata.ManagedFields);
                Assert.Equal(3, world.Registry.ValueOf("informer_objects", ("resource", "things.test.dev"), ("view", "whole")));
            }
        );

    [Theory, Seeds(20)]
    public void An_ended_stream_goes_on_from_its_bookmark(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await world.StartAsync();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));

                world.Cluster.EndWatches();

                await sim.UntilAsync(() => world.Cluster.Sent("GET").Count == 2, TimeSpan.FromSeconds(30), "a second watch");
                Assert.EndsWith("&resourceVersion=101", world.Cluster.Sent("GET")[^1]);
                Assert.Equal(["+one"], world.Told);
            }
        );

    [Theory, InlineData(true), InlineData(false)]
    public void A_version_that_is_too_old_is_streamed_again_and_deletes_are_told(bool asEvent) =>
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Put(Thing.Path("stays"), Thing.Json("stays"));
                world.Cluster.Put(Thing.Path("goes"), Thing.Json("goes"));
                await world.StartAsync();
                world.Cluster.Remove(Thing.Path("goes"), silently: true);
                world.Cluster.Compact();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1)); // a watch that ends at once would be repeated after a pause
                if (asEvent)
                    world.Cluster.SendLine("""{"type":"ERROR","object":{"kind":"Status","reason":"Expired"}}""");
                else
                    world.Cluster.EndWatches();

                await sim.UntilAsync(() => world.Store.Count == 1, TimeSpan.FromSeconds(30), "the second stream");

                Assert.Equal(["+goes", "+stays", "-goes"], world.Told);
                Assert.Equal(1, world.Ends("expired"));
                Assert.Equal(2, world.Lists("stream"));
            }
        );

    [Theory, Seeds(20)]
    public void A_server_that_refuses_is_listed_in_pages_and_never_asked_again(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Streams = Streaming.Refused;
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await world.StartAsync();

                for (var i = 2; i <= 3; i++)
                {
                    world.Cluster.Compact();
                    world.Cluster.SendLine("""{"type":"ERROR","object":{"kind":"Status","code":410}}""");
                    await sim.UntilAsync(() => world.Lists("pages") >= i, TimeSpan.FromMinutes(10), $"list {i}");
                }

                Assert.Single(
                    world.Cluster.Sent("GET"),
                    request => request.Contains("sendInitialEvents", StringComparison.Ordinal)
                );
                Assert.Equal(0, world.Lists("stream"));
            }
        );

    [Theory, InlineData(false), InlineData(true)]
    public void A_server_that_ignores_the_parameter_is_noticed(bool neverEnds) =>
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Streams = neverEnds ? Streaming.NeverEnds : Streaming.IgnoredWithBookmark;
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));

                await world.StartAsync();

                Assert.Equal(["+one"], world.Told);
                Assert.Equal(1, world.Lists("pages"));
            }
        );

    [Theory, Seeds(20)]
    public void An_outage_before_the_end_of_the_initial_events_is_no_verdict_about_the_server(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
                _ = sim.Start(() => world.Make().RunAsync(CancellationToken.None));
                await sim.UntilAsync(() => world.Cluster.Sent("GET").Count >= 3, TimeSpan.FromMinutes(10), "three tries");
                var tries = world.Cluster.Sent("GET").Count;
                world.Cluster.Fault = _ => null;
                await sim.UntilAsync(() => world.Cluster.Sent("GET").Count > tries, TimeSpan.FromMinutes(10), "the next try");

                await sim.UntilAsync(() => world.Lists("stream") == 1, TimeSpan.FromSeconds(30), "the stream");

                Assert.Equal(0, world.Lists("pages"));
            }
        );

    [Theory, Seeds(20)]
    public void Selectors_reach_the_server_in_streams_and_in_lists(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Streams = Streaming.Refused;
                await world.StartAsync(
                    new InformerOptions { LabelSelector = "tier in (a,b)", FieldSelector = "metadata.name!=x" },
                    new InformerSelection<Thing>("tier in (a,b)", "metadata.name!=x")
                );

                Assert.All(
                    world.Cluster.Sent("GET"),
                    request =>
                        Assert.Contains("labelSelector=tier%20in%20%28a%2Cb%29&fieldSelector=metadata.name%21%3Dx", request)
                );
                Assert.Equal(3, world.Cluster.Sent("GET").Count);
            }
        );

    [Theory, Seeds(20)]
    public void Our_own_write_of_what_is_not_selected_does_not_enter_the_cache(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                await world.StartAsync(new InformerOptions { LabelSelector = "tier=a" }, new InformerSelection<Thing>("tier=a"));

                world.Store.Seen(
                    new Thing
                    {
                        Metadata = new V1ObjectMeta
                        {
                            Name = "unselected",
                            NamespaceProperty = "a",
                            ResourceVersion = "999",
                        },
                    }
                );

                Assert.Null(world.Store.Get("a", "unselected"));
            }
        );

    [Theory, Seeds(20)]
    public void Metadata_informers_ask_for_metadata_in_lists_and_watches(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                var accepted = new List<string>();
                world.Cluster.Streams = Streaming.Refused;
                world.Cluster.Before = request => accepted.Add(request.Accept);
                var informer = new Informer<MetadataOf<V1Secret>>(
                    world.Cluster,
                    new ObjectStore<MetadataOf<V1Secret>>([]),
                    new InformerOptions(),
                    new Random(1),
                    sim.Clock,
                    NullLogger<Informer<MetadataOf<V1Secret>>>.Instance,
                    new InformerMetrics(world.Registry)
                );

                _ = sim.Start(() => informer.RunAsync(CancellationToken.None));
                await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
                await sim.UntilAsync(() => world.Cluster.OpenWatches == 1, TimeSpan.FromSeconds(30), "the watch");

                Assert.Collection(
                    accepted,
                    stream => Assert.StartsWith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", stream),
                    list => Assert.StartsWith("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", list),
                    watch => Assert.StartsWith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", watch)
                );
                Assert.Equal(0, world.Registry.ValueOf("informer_objects", ("resource", "secrets"), ("view", "metadata")));
            }
        );

    [Theory, Seeds(20)]
    public void Versions_that_are_no_numbers_break_nothing(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.VersionPrefix = "etcd-";
                world.Cluster.Put(Thing.Path("one"), Thing.Json("one"));
                await world.StartAsync();
                var client = new KubernetesResourceClient<Thing>(world.Cluster, new AlwaysLeader(), [world.Store]);

                for (var i = 0; i < 5; i++)
                {
                    var patch = $$$"""{"spec":{"color":"c{{{i}}}"}}""";
                    await client.MergePatchAsync("a", "one", patch, null, TestContext.Current.CancellationToken);
                }

                await sim.UntilAsync(
                    () => world.Store.Get("a", "one")!.Spec.Color == "c4",
                    TimeSpan.FromSeconds(30),
                    "the last write"
                );
                world.Cluster.Remove(Thing.Path("one"));
                await sim.UntilAsync(() => world.Store.Count == 0, TimeSpan.FromSeconds(30), "the delete");
                world.Cluster.Compact();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                world.Cluster.EndWatches();
                await sim.UntilAsync(() => world.Lists("stream") == 2, TimeSpan.FromSeconds(30), "the list after it");
            }
        );

    [Theory, Seeds(20)]
    public void Silence_is_shown_and_ends_with_the_next_bookmark(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                await world.StartAsync();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(42));
                Assert.Equal(42, world.Silence());

                world.Cluster.SendBookmarks();

                await sim.UntilAsync(() => world.Silence() == 0, TimeSpan.FromSeconds(30), "a sign of life");
            }
        );

    /// <summary>An informer over a cluster in memory.</summary>
    private sealed class World(Simulation sim)
    {
        public MemoryCluster Cluster { get; } = new(sim);

        public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

        public ObjectStore<Thing> Store { get; private set; } = new([]);

        public List<string> Told { get; } = [];

        public Informer<Thing> Make(InformerOptions? options = null, InformerSelection<Thing>? selection = null)
        {
            Store = new ObjectStore<Thing>([], selection);
            var informer = new Informer<Thing>(
                Cluster,
                Store,
                options ?? new InformerOptions(),
                new Random(sim.Seed),
                sim.Clock,
                NullLogger<Informer<Thing>>.Instance,
                new InformerMetrics(Registry)
            );
            informer.AddHandler(
                (old, current) => Told.Add(current is null ? $"-{old!.Metadata.Name}" : $"+{current.Metadata.Name}")
            );
            return informer;
        }

        public async Task StartAsync(InformerOptions? options = null, InformerSelection<Thing>? selection = null)
        {
            var informer = Make(options, selection);
            _ = sim.Start(() => informer.RunAsync(CancellationToken.None));
            await informer.WaitForSyncAsync(TestContext.Current.CancellationToken);
            await sim.UntilAsync(() => Cluster.OpenWatches >= 1, TimeSpan.FromSeconds(1), "the watch");
        }

        public double Lists(string way) => Count("informer_lists_total", ("way", way));

        public double Ends(string cause) => Count("informer_watch_ends_total", ("cause", cause));

        public double Silence() => Count("informer_silence_seconds");

        private double Count(string name, params (string, string)[] more) =>
            Registry.ValueOf(name, [("resource", "things.test.dev"), ("view", "whole"), .. more]);
    }
}
