using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Sam.Runtime.Events;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class EventRecorderTests
{
    private const string Collection = "/apis/events.k8s.io/v1/namespaces/a/events";

    [Theory, Seeds(20)]
    public void An_event_names_its_object_and_its_reporter(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Recorder.Record(world.Thing, "Refused", "No such colour", isWarning: true);

                await sim.UntilAsync(() => world.Written.Count == 1, TimeSpan.FromSeconds(1), "the event");
                var written = world.Written[0];
                Assert.Equal("Warning", written["type"]!.GetValue<string>());
                Assert.Equal("Refused", written["reason"]!.GetValue<string>());
                Assert.Equal("No such colour", written["note"]!.GetValue<string>());
                Assert.Equal("u1", written["regarding"]!["uid"]!.GetValue<string>());
                Assert.Equal("test-operator", written["reportingController"]!.GetValue<string>());
                Assert.Equal("Reconcile", written["action"]!.GetValue<string>());
                Assert.NotNull(written["eventTime"]);
            }
        );

    [Theory, Seeds(20)]
    public void Repeats_are_one_series_written_at_once_and_then_once_a_minute(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                for (var i = 0; i < 50; i++)
                    world.Recorder.Record(world.Thing, "Refused", "No such colour");
                await sim.UntilAsync(() => world.Cluster.Writes == 2, TimeSpan.FromSeconds(1), "the event and its series");
                Assert.Equal(2, world.Count);

                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));

                await sim.UntilAsync(() => world.Count == 50, TimeSpan.FromSeconds(1), "the whole count");
                Assert.Equal(3, world.Cluster.Writes);
                Assert.Single(world.Written);
            }
        );

    [Theory, Seeds(20)]
    public void Another_message_is_another_event(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Recorder.Record(world.Thing, "Refused", "No red");
                world.Recorder.Record(world.Thing, "Refused", "No blue");

                await sim.UntilAsync(() => world.Written.Count == 2, TimeSpan.FromSeconds(1), "two events");
            }
        );

    [Theory, Seeds(20)]
    public void A_refusal_is_swallowed_and_the_next_event_is_written(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Fault = _ => MemoryCluster.Refuse(403, "Forbidden"); // as a namespace that terminates answers
                world.Recorder.Record(world.Thing, "Lost", "Nobody hears");
                await sim.UntilAsync(() => world.Cluster.Requests.Count == 1, TimeSpan.FromSeconds(1), "the refused write");
                world.Cluster.Fault = _ => null;

                world.Recorder.Record(world.Thing, "Heard", "Somebody hears");

                await sim.UntilAsync(() => world.Written.Count == 1, TimeSpan.FromSeconds(1), "the next event");
                Assert.Equal("Heard", world.Written[0]["reason"]!.GetValue<string>());
            }
        );

    [Theory, Seeds(20)]
    public void The_last_words_are_written_before_the_end(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                for (var i = 0; i < 10; i++)
                    world.Recorder.Record(world.Thing, "Refused", "No such colour");

                world.Recorder.Complete();
                await world.Run;

                Assert.Equal(10, world.Count);
            }
        );

    /// <summary>A recorder that writes to a cluster in memory.</summary>
    private sealed class World
    {
        public World(Simulation sim)
        {
            Cluster = new MemoryCluster(sim);
            Recorder = new EventRecorder(
                "test-operator",
                "pod-1",
                new KubernetesResourceClient<Eventsv1Event>(Cluster, new AlwaysLeader(), []),
                new EventMetrics(Metrics.NewCustomRegistry()),
                new Random(1),
                sim.Clock,
                NullLogger<EventRecorder>.Instance
            );
            Run = sim.Start(() => Recorder.RunAsync(CancellationToken.None));
        }

        public MemoryCluster Cluster { get; }

        public EventRecorder Recorder { get; }

        public Task Run { get; }

        public Thing Thing { get; } =
            new()
            {
                ApiVersion = "test.dev/v1",
                Kind = "Thing",
                Metadata = new V1ObjectMeta
                {
                    Name = "one",
                    NamespaceProperty = "a",
                    Uid = "u1",
                },
            };

        public IReadOnlyList<JsonObject> Written => Cluster.All(Collection);

        public int Count => Written.Single()["series"]?["count"]?.GetValue<int>() ?? 1;
    }
}
