using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Sam.Runtime.Events;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>What the API server refuses, and what nobody wants to read a thousand times.</summary>
public sealed class EventLimitsTests
{
    private const string InNamespace = "/apis/events.k8s.io/v1/namespaces/a/events";
    private const string InDefault = "/apis/events.k8s.io/v1/namespaces/default/events";

    [Theory, InlineData("ü"), InlineData("🚀"), InlineData("x")]
    public void A_note_is_cut_to_1024_bytes_and_never_within_a_character(string character) =>
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new World(sim);
                world.Recorder.Record(Thing(), "Refused", string.Concat(Enumerable.Repeat(character, 2000)));

                await sim.UntilAsync(() => world.Written.Count == 1, TimeSpan.FromSeconds(30), "the event");
                var note = world.Written[0]["note"]!.GetValue<string>();
                Assert.InRange(Encoding.UTF8.GetByteCount(note), 1000, 1024);
                Assert.DoesNotContain('\uFFFD', note);
                Assert.EndsWith("…", note);
            }
        );

    [Theory, InlineData(0), InlineData(1), InlineData(1_234_567), InlineData(5_000_000), InlineData(9_999_999)]
    public void Times_have_six_digits_as_a_MicroTime_must(long ticks) =>
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new World(sim);
                await sim.AdvanceAsync(TimeSpan.FromTicks(ticks));
                world.Recorder.Record(Thing(), "Refused", "No");
                world.Recorder.Record(Thing(), "Refused", "No");

                await sim.UntilAsync(
                    () => world.Written.SingleOrDefault()?["series"] is not null,
                    TimeSpan.FromSeconds(30),
                    "the series"
                );
                Assert.Matches(@"\.\d{6}Z$", world.Written[0]["eventTime"]!.GetValue<string>());
                Assert.Matches(@"\.\d{6}Z$", world.Written[0]["series"]!["lastObservedTime"]!.GetValue<string>());
            }
        );

    [Theory, Seeds(20)]
    public void An_event_about_an_object_outside_namespaces_lives_in_default(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                var node = new V1Node
                {
                    Kind = "Node",
                    ApiVersion = "v1",
                    Metadata = new V1ObjectMeta { Name = "n1", Uid = "u2" },
                };

                world.Recorder.Record(node, "Refused", "No");

                await sim.UntilAsync(() => world.Cluster.All(InDefault).Count == 1, TimeSpan.FromSeconds(30), "the event");
                Assert.Null(world.Cluster.All(InDefault)[0]["regarding"]!["namespace"]);
            }
        );

    [Theory, InlineData(403, """{"causes":[{"reason":"NamespaceTerminating"}]}"""), InlineData(404, """{"kind":"namespaces"}""")]
    public void A_namespace_that_ends_swallows_its_events_and_they_are_counted(int code, string details) =>
        Simulation.Run(
            1,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Fault = request =>
                    request.Path.StartsWith(InNamespace, StringComparison.Ordinal) ? Refusal(code, details) : null;
                world.Recorder.Record(Thing(), "Lost", "Nobody hears");

                await sim.UntilAsync(() => world.Counted("namespace_terminating") == 1, TimeSpan.FromSeconds(30), "the count");

                Assert.Single(world.Cluster.Requests);
                Assert.Equal(0, world.Counted("failed"));
            }
        );

    [Theory, Seeds(20)]
    public void A_fault_that_time_mends_is_tried_again_but_not_for_ever(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Cluster.Fault = _ => MemoryCluster.Refuse(503, "ServiceUnavailable");
                world.Recorder.Record(Thing(), "Lost", "Nobody hears");

                await sim.UntilAsync(() => world.Counted("failed") == 1, TimeSpan.FromMinutes(10), "the end of the tries");
                Assert.Equal(4, world.Cluster.Requests.Count);
                world.Recorder.Record(Thing(), "Delayed", "Heard late");
                await sim.UntilAsync(() => world.Cluster.Sent("POST").Count == 5, TimeSpan.FromSeconds(30), "the first try");
                world.Cluster.Fault = _ => null;

                await sim.UntilAsync(() => world.Written.Count == 1, TimeSpan.FromMinutes(10), "the next event");
            }
        );

    [Theory, Seeds(20)]
    public void A_thousand_wordings_of_one_reason_become_one_event(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                for (var i = 0; i < 500; i++)
                    world.Recorder.Record(Thing(), "Refused", $"No {i}");
                await sim.UntilAsync(() => world.Counted("folded") == 489, TimeSpan.FromSeconds(30), "all taken");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                await sim.UntilAsync(
                    () => world.Written.Exists(entity => Count(entity) == 490),
                    TimeSpan.FromSeconds(30),
                    "the whole count"
                );

                Assert.Equal(11, world.Written.Count);
                var combined = Assert.Single(world.Written, entity => Count(entity) > 1);
                Assert.StartsWith("(combined from similar events): No ", combined["note"]!.GetValue<string>());
            }
        );

    [Theory, Seeds(20)]
    public void A_series_ends_after_six_silent_minutes(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Recorder.Record(Thing(), "Refused", "No");
                world.Recorder.Record(Thing(), "Refused", "No");
                await sim.UntilAsync(() => world.Cluster.Writes == 2, TimeSpan.FromSeconds(30), "the series");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                world.Recorder.Record(Thing(), "Refused", "No");

                await sim.UntilAsync(() => world.Written.Count == 2, TimeSpan.FromSeconds(30), "a new event");
            }
        );

    [Theory, Seeds(20)]
    public void A_recorder_that_cannot_keep_up_drops_the_oldest_and_counts_them(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var world = new World(sim);
                world.Recorder.Record(Thing("first"), "Refused", "No");

                for (var i = 0; i < 1500; i++)
                    world.Recorder.Record(Thing($"t{i}"), "Refused", "No");

                Assert.InRange(world.Counted("dropped"), 499, 501);
                await sim.UntilAsync(
                    () => world.Written.Exists(entity => Name(entity) == "t1499"),
                    TimeSpan.FromSeconds(30),
                    "the newest"
                );
            }
        );

    private static Thing Thing(string name = "one") =>
        new()
        {
            ApiVersion = "test.dev/v1",
            Kind = "Thing",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = "a",
                Uid = $"uid-{name}",
            },
        };

    private static TransportResponse Refusal(int code, string details) =>
        new(
            code,
            new MemoryStream(
                Encoding.UTF8.GetBytes(
                    $$"""{"kind":"Status","code":{{code}},"reason":"Forbidden","message":"refused","details":{{details}}}"""
                )
            )
        );

    private static int Count(JsonObject entity) => entity["series"]?["count"]?.GetValue<int>() ?? 1;

    private static string Name(JsonObject entity) => entity["regarding"]!["name"]!.GetValue<string>();

    /// <summary>A recorder that writes to a cluster in memory.</summary>
    private sealed class World
    {
        private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

        public World(Simulation sim)
        {
            Cluster = new MemoryCluster(sim);
            Recorder = new EventRecorder(
                "test-operator",
                "pod-1",
                new KubernetesResourceClient<Eventsv1Event>(Cluster, new AlwaysLeader(), []),
                new EventMetrics(_registry),
                new Random(sim.Seed),
                sim.Clock,
                NullLogger<EventRecorder>.Instance
            );
            _ = sim.Start(() => Recorder.RunAsync(CancellationToken.None));
        }

        public MemoryCluster Cluster { get; }

        public EventRecorder Recorder { get; }

        public List<JsonObject> Written => [.. Cluster.All(InNamespace)];

        public double Counted(string result) => _registry.ValueOf("event_recorder_events_total", ("result", result));
    }
}
