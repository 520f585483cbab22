using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What outlives a server comes to the VM that takes its place: the kept address, and the volumes with their data.</summary>
public sealed class TakeoverTests
{
    private static readonly string s_node = $"{ResourceKind.Of<DeploymentNode>().CollectionPath(VirtualWorld.Home)}/edge";

    [Fact]
    public void The_kept_address_and_the_volumes_are_those_of_the_new_VM_and_no_other_address_is_ever_told() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);
                var volume = world.MachineOf()!.Status.Volumes.Single().Id;

                Ask(world, "cx33");
                var seen = new HashSet<string>();
                await sim.EachSecondAsync(
                    () =>
                    {
                        seen.UnionWith(world.All<Machine>().SelectMany(one => one.Status.Conditions).Select(held => held.Reason));
                        Assert.Equal(before.PublicIPv4, Node(world).PublicIPv4);
                        return Node(world).LastReplacement is not null;
                    },
                    Story.Patience,
                    "it is replaced"
                );
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                var machine = Assert.Single(world.All<Machine>());
                Assert.Equal(
                    (before.PublicIPv4, volume, "cx33"),
                    (machine.Status.PublicIPv4, machine.Status.Volumes.Single().Id, machine.Status.ServerType)
                );
                Assert.Null(machine.Status.AddressMoving);
                Assert.Contains(MachineConditions.Provisioned.AddressMoving.Name, seen);
                AssertOneOfEach(world);
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("volume")).Value);
                var downtime = Node(world).LastReplacement!.Downtime;
                Assert.NotNull(downtime);
                Assert.InRange(downtime.Value.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
                Assert.Equal(before.PublicIPv4, Node(world).PublicIPv4);
            }
        );

    [Fact]
    public void A_location_that_they_cannot_reach_blocks_it_and_nothing_is_bought() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);

                Change(world, new JsonObject { ["serverType"] = "cx33", ["locations"] = new JsonArray("hel1") });
                await sim.EachSecondAsync(
                    () => Reason(world) == MachineCurrent.ReplacementBlocked.Name,
                    Story.Patience,
                    "it is told"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.Single(world.Hetzner.Servers());
                Assert.True(IsReady(world));
            }
        );

    [Theory]
    [InlineData(ReplacementPhase.Moving)]
    [InlineData(ReplacementPhase.Retiring)]
    [InlineData(ReplacementPhase.TakingOver)]
    public void A_node_that_is_deleted_in_the_middle_leaves_nothing(ReplacementPhase phase) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Node(world).Replacement?.Phase == phase, Story.Patience, "it is in the middle");

                world.Delete<ComposeApp>("shop");
                world.Delete<DeploymentNode>("edge");
                await sim.EachSecondAsync(() => world.Find<DeploymentNode>("edge") is null, Story.Patience, "the node is gone");

                AssertNothing(world);
            }
        );

    [Theory]
    [InlineData(ReplacementPhase.Moving, false)]
    [InlineData(ReplacementPhase.Moving, true)]
    [InlineData(ReplacementPhase.Retiring, true)]
    [InlineData(ReplacementPhase.TakingOver, true)]
    public void A_Machine_that_somebody_deletes_in_the_middle_is_made_again_and_takes_over(ReplacementPhase phase, bool isNew) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);
                var volume = world.MachineOf()!.Status.Volumes.Single().Id;
                Ask(world, "cx33");
                await sim.UntilAsync(() => Node(world).Replacement?.Phase == phase, Story.Patience, "it is in the middle");

                world.Delete<Machine>((isNew ? Node(world).MachineRef : Node(world).Replacement!.MachineRef)!.Name);
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                var machine = Assert.Single(world.All<Machine>());
                AssertOneOfEach(world);
                // What was handed over to it went with it, as its policy says.
                if (phase == ReplacementPhase.Moving)
                    Assert.Equal((before.PublicIPv4, volume), (machine.Status.PublicIPv4, machine.Status.Volumes.Single().Id));
            }
        );

    [Fact]
    public void An_address_that_is_not_wanted_any_more_while_it_moves_leaves_no_server_switched_off() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                Ask(world, "cx33");
                await sim.UntilAsync(
                    () => world.All<Machine>().Any(machine => machine.Status.AddressMoving == true),
                    Story.Patience,
                    "the server is switched off for it"
                );

                world.Cluster.Change(s_node, node => node["spec"]!["address"] = "Ephemeral");
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => world.IsReady(), Story.Patience, "the node is Ready");

                Assert.Null(world.All<Machine>().Single().Status.AddressMoving);
                AssertOneOfEach(world);
            }
        );

    [Theory, Unit.Tests.Simulations.Seeds(40)]
    public void It_ends_well_however_often_the_operator_dies(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                Create(world);
                var now = world.Start();
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "it is served");
                var (address, volume) = (Node(world).PublicIPv4, world.MachineOf()!.Status.Volumes.Single().Id);
                Ask(world, "cx33");
                for (var deaths = 0; deaths < 4; deaths++)
                {
                    var victim = now;
                    world.Gate.Arm(sim.Random.Next(30), sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, victim.Kill);
                    await sim.EachSecondAsync(
                        () => victim.IsDead || Node(world).LastReplacement is not null,
                        Story.Patience,
                        "it dies, or is done"
                    );
                    if (!victim.IsDead)
                        break;
                    now = world.Start();
                }

                world.Gate.Disarm();
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                var machine = Assert.Single(world.All<Machine>());
                Assert.Equal((address, volume), (machine.Status.PublicIPv4, machine.Status.Volumes.Single().Id));
                AssertOneOfEach(world);
                world.Delete<ComposeApp>("shop");
                world.Delete<DeploymentNode>("edge");
                await sim.EachSecondAsync(() => world.Find<DeploymentNode>("edge") is null, Story.Patience, "the node is gone");
                AssertNothing(world);
            }
        );

    private static void AssertOneOfEach(VirtualWorld world)
    {
        var server = Assert.Single(world.Hetzner.Servers());
        Assert.Equal(server.Id, Assert.Single(world.Hetzner.Volumes())["server"]!.GetValue<long>());
        Assert.Equal(server.Id, Assert.Single(world.Hetzner.PrimaryIps())["assignee_id"]!.GetValue<long>());
    }

    private static void AssertNothing(VirtualWorld world)
    {
        Assert.Empty(world.Hetzner.Servers());
        Assert.Empty(world.Hetzner.Volumes());
        Assert.Empty(world.Hetzner.PrimaryIps());
        Assert.Empty(world.All<Machine>());
    }

    private static async Task<DeploymentNodeStatus> ServedAsync(Simulation sim, VirtualWorld world)
    {
        Create(world);
        world.Start();
        await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "it is served");
        return Node(world);
    }

    private static void Create(VirtualWorld world)
    {
        world.Create(A.Project());
        world.Create(Story.RichNode());
        world.Create(A.App());
    }

    private static void Ask(VirtualWorld world, string type) => Change(world, new JsonObject { ["serverType"] = type });

    private static void Change(VirtualWorld world, JsonObject cloud) =>
        world.Cluster.Change(
            s_node,
            node =>
            {
                node["spec"]!["cloud"] = cloud;
                node["metadata"]!["generation"] = (node["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );

    private static DeploymentNodeStatus Node(VirtualWorld world) => world.Find<DeploymentNode>("edge")!.Status;

    private static string? Reason(VirtualWorld world) =>
        Node(world).Conditions.FirstOrDefault(held => held.Type == "MachineCurrent")?.Reason;

    private static bool IsReady(VirtualWorld world) =>
        world.IsReady()
        && world.Find<ComposeApp>("shop")?.Status.Conditions.Any(held => held is { Type: "Ready", Status: "True" }) == true
        && world.All<Machine>() is [{ Status: { PrimaryIPv4Id: not null, Volumes.Count: 1 } }];
}
