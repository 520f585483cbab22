using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;
using static Sam.Unit.Tests.Worlds.ReplacementStory;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What outlives a server comes to the VM that takes its place: the kept address, and the volumes with their data.</summary>
public sealed class TakeoverTests
{
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

                AskFor(world, new JsonObject { ["serverType"] = "cx33", ["locations"] = new JsonArray("hel1") });
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

                await DeleteAsync(sim, world);

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

                world.Cluster.Change(NodePath, node => node["spec"]!["address"] = "Ephemeral");
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => world.IsReady(), Story.Patience, "the node is Ready");

                Assert.Null(world.All<Machine>().Single().Status.AddressMoving);
                AssertOneOfEach(world);
            }
        );

    [Fact]
    public void A_volume_that_was_to_be_deleted_when_it_was_bought_and_is_to_be_kept_now_is_kept_after_the_hand_over() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                world.Cluster.Change(NodePath, node => node["spec"]!["volumes"]![0]!["deletionPolicy"] = "Retain");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
                Ask(world, "cx33");
                await sim.UntilAsync(() => Phase(world) == ReplacementPhase.Retiring, Story.Patience, "it is being handed over");

                await DeleteAsync(sim, world);

                Assert.Equal("true", Assert.Single(world.Hetzner.Volumes())["labels"]!["sam-retained"]!.GetValue<string>());
                Assert.Empty(world.Hetzner.PrimaryIps());
            }
        );

    [Fact]
    public void An_address_that_came_with_the_new_server_is_given_back_also_if_the_provider_refuses_that_at_first() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.Conflict)
                    {
                        Method = "DELETE",
                        Path = "/primary_ips",
                        Count = 3,
                    }
                );

                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

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
                await ReplacedThroughDeathsAsync(sim, world, deaths: 4, now, () => world.Start());
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                var machine = Assert.Single(world.All<Machine>());
                Assert.Equal((address, volume), (machine.Status.PublicIPv4, machine.Status.Volumes.Single().Id));
                AssertOneOfEach(world);
                await DeleteAsync(sim, world);
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

    private static bool IsReady(VirtualWorld world) =>
        world.IsReady()
        && IsAppReady(world)
        && world.All<Machine>() is [{ Status: { PrimaryIPv4Id: not null, Volumes.Count: 1 } }];
}
