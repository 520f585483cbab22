using k8s.Models;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using ContainerHealth = Sam.Operator.Clients.Docker.ContainerHealth;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What somebody does to a node's engine is heard, put right within 5 s, told, and touches nothing else.</summary>
public sealed class DriftByEventsTests
{
    private static readonly TimeSpan s_promise = TimeSpan.FromSeconds(5);

    /// <summary>What hands do to the app's one container, and what the event says of it.</summary>
    public static TheoryData<string, string> Acts =>
        new()
        {
            { "remove", "its container was removed" },
            { "stop", "was stopped (exit code 143)" },
            { "kill", "was stopped (exit code 137)" },
            { "pause", "was paused" },
            { "leave-edge", "was taken off network sam-edge" },
            { "leave-app", "was taken off network sam-" },
            { "lose-network", "was removed" },
            { "lose-edge", "was taken off network sam-edge" },
        };

    [Theory, MemberData(nameof(Acts))]
    public void What_hands_do_to_an_app_is_put_right_within_five_seconds_and_told(string act, string said) =>
        Lives(
            act.Length,
            async (sim, world, engine) =>
            {
                var before = Ids(await ContainersAsync(engine, world, "blog"));
                Assert.Empty(Told(world, "DriftRepaired"));

                await DoAsync(engine, (await ContainersAsync(engine, world, "shop")).Single(), act, world);
                await sim.AdvanceAsync(s_promise);

                var repaired = (await ContainersAsync(engine, world, "shop")).Single();
                Assert.Equal((ContainerState.Running, ContainerHealth.Healthy), (repaired.State, repaired.Health));
                Assert.Contains(EngineNames.EdgeAlias(UidOf(world, "shop"), "web"), repaired.Networks[EngineNames.EdgeNetwork]);
                Assert.Contains(EngineNames.Network(UidOf(world, "shop")), repaired.Networks.Keys);
                Assert.Contains(Told(world, "DriftRepaired"), told => told == ("shop", told.Note) && told.Note.Contains(said));
                Assert.Equal(before, Ids(await ContainersAsync(engine, world, "blog")));
            }
        );

    [Theory, InlineData("remove"), InlineData("stop"), InlineData("pause"), InlineData("leave-edge"), InlineData("rename")]
    public void What_hands_do_to_Caddy_is_put_right_within_five_seconds_and_told(string act) =>
        Lives(
            7,
            async (sim, world, engine) =>
            {
                var caddy = await engine.InspectContainerAsync(CaddyContainer.Name, default);

                await DoAsync(engine, caddy!, act, world);
                await sim.AdvanceAsync(s_promise);

                var node = world.Find<DeploymentNode>("edge")!;
                var repaired = await CaddyContainer.FindAsync(engine, node.Metadata.Uid, default);
                Assert.Equal(ContainerState.Running, repaired!.State);
                Assert.Contains(EngineNames.EdgeNetwork, repaired.Networks.Keys);
                Assert.Equal(repaired.Id, node.Status.Caddy!.ContainerId);
                Assert.NotNull(await engine.GetFileAsync(repaired.Id, CaddyContainer.RunningPath, default));
                Assert.Equal(act != "rename", Told(world, "CaddyRepaired").Count > 0);
                Assert.Empty(Told(world, "DriftRepaired"));
                Assert.Equal(2, world.All<ComposeApp>().Count(IsReady));
            }
        );

    [Fact]
    public void A_document_that_somebody_else_loaded_is_replaced_within_five_seconds() =>
        Lives(
            3,
            async (sim, world, engine) =>
            {
                var caddy = (await engine.InspectContainerAsync(CaddyContainer.Name, default))!.Id;
                var ours = await engine.GetFileAsync(caddy, CaddyContainer.RunningPath, default);

                await engine.PutFileAsync(caddy, new EngineFile(CaddyContainer.DocumentPath, "{}"u8.ToArray()), default);
                await engine.ExecAsync(caddy, ["caddy", "reload"], default, default);
                Assert.NotEqual(ours, await engine.GetFileAsync(caddy, CaddyContainer.RunningPath, default));
                await sim.AdvanceAsync(s_promise);

                Assert.Equal(ours, await engine.GetFileAsync(caddy, CaddyContainer.RunningPath, default));
                Assert.Single(Told(world, "DocumentRestored"));
            }
        );

    [Fact]
    public void An_idle_node_with_an_open_stream_is_left_alone_but_for_the_slow_look() =>
        Lives(
            11,
            async (sim, world, engine) =>
            {
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5)); // whatever the last act woke has run
                var (looks, streams) = (engine.CountOf("ListVolumes"), engine.CountOf("WatchEvents"));

                await sim.AdvanceAsync(TimeSpan.FromMinutes(20));

                // Two apps, once a minute each, and the resync of everything every ten minutes.
                Assert.InRange(engine.CountOf("ListVolumes") - looks, 38, 44);
                Assert.Equal((1, streams), (engine.Streams, engine.CountOf("WatchEvents")));
                Assert.Empty(Told(world, "DriftRepaired"));
            }
        );

    [Fact]
    public void Without_a_stream_the_look_every_fifteen_seconds_finds_it() =>
        Lives(
            5,
            async (sim, world, engine) =>
            {
                engine.Faults.Fail("WatchEvents", EngineErrorKind.Server, times: 1000);
                engine.BreakStreams();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                Assert.Equal(0, engine.Streams);

                await DoAsync(engine, (await ContainersAsync(engine, world, "shop")).Single(), "remove", world);
                await sim.AdvanceAsync(TimeSpan.FromSeconds(20));

                Assert.Equal(ContainerState.Running, (await ContainersAsync(engine, world, "shop")).Single().State);
            }
        );

    [Fact]
    public void A_stream_that_broke_is_opened_again_and_what_happened_meanwhile_is_found() =>
        Lives(
            13,
            async (sim, world, engine) =>
            {
                engine.BreakStreams();
                await sim.AdvanceAsync(TimeSpan.FromMilliseconds(1));
                Assert.Equal(0, engine.Streams);

                await DoAsync(engine, (await ContainersAsync(engine, world, "shop")).Single(), "remove", world);
                await sim.AdvanceAsync(s_promise);

                Assert.Equal(1, engine.Streams);
                Assert.Equal(ContainerState.Running, (await ContainersAsync(engine, world, "shop")).Single().State);
            }
        );

    [Fact]
    public void The_stream_ends_with_the_Machine() =>
        Lives(
            17,
            async (sim, world, engine) =>
            {
                world.Delete<DeploymentNode>("edge");

                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Equal(0, engine.Streams);
            }
        );

    /// <summary>A node that is Ready, with the apps shop and blog in sync and a stream that is open.</summary>
    private static void Lives(int seed, Func<Simulation, VirtualWorld, RecordOnlyEngine, Task> story) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.App());
                world.Create(A.App("blog"));
                world.Start();
                await sim.EachSecondAsync(() => world.All<ComposeApp>().All(IsReady), Story.Patience, "the apps are Ready");
                var engine = world.Engines.Engine(world.MachineOf()!.Spec.MachineId);
                await sim.EachSecondAsync(() => engine.Streams == 1, Story.Patience, "a stream is open");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
                await story(sim, world, engine);
            }
        );

    private static async Task DoAsync(RecordOnlyEngine engine, EngineContainer container, string act, VirtualWorld world)
    {
        var network = EngineNames.Network(UidOf(world, "shop"));
        await (
            act switch
            {
                "remove" => engine.RemoveContainerAsync(container.Id, default),
                "stop" => engine.StopContainerAsync(container.Id, TimeSpan.Zero, default),
                "kill" => Done(() => engine.Kill(container.Id)),
                "pause" => Done(() => engine.Pause(container.Id)),
                "rename" => Done(() => engine.Rename(container.Id, "somebody")),
                "leave-edge" => engine.DisconnectAsync(EngineNames.EdgeNetwork, container.Id, default),
                "leave-app" => engine.DisconnectAsync(network, container.Id, default),
                "lose-network" => Done(() => engine.LoseNetwork(network)),
                "lose-edge" => Done(() => engine.LoseNetwork(EngineNames.EdgeNetwork)),
                _ => throw new InvalidOperationException($"Nobody does {act}"),
            }
        );
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static Task<IReadOnlyList<EngineContainer>> ContainersAsync(
        RecordOnlyEngine engine,
        VirtualWorld world,
        string app
    ) => engine.ListContainersAsync(EngineNames.AppLabels(UidOf(world, app)), default);

    private static List<string> Ids(IEnumerable<EngineContainer> containers) => [.. containers.Select(container => container.Id)];

    private static string UidOf(VirtualWorld world, string app) => world.Find<ComposeApp>(app)!.Metadata.Uid;

    private static List<(string App, string Note)> Told(VirtualWorld world, string reason) =>
        [.. world.All<Eventsv1Event>().Where(told => told.Reason == reason).Select(told => (told.Regarding.Name, told.Note))];

    private static bool IsReady(ComposeApp app) =>
        app.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });
}
