using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Every fault of the library plays while a node is made and while it is deleted. What passes by itself is survived; what only a person can mend is told.</summary>
public sealed class FaultLibraryTests
{
    private static readonly TimeSpan s_lasts = TimeSpan.FromMinutes(3);

    // What a person must answer: the condition's reason while nobody does.
    private static readonly Dictionary<string, string> s_whileMade = new(StringComparer.Ordinal)
    {
        [HetznerFaults.ServerVanishes] = Provisioned.ServerGone.Name,
        [HetznerFaults.NameTaken] = Provisioned.NameTaken.Name,
        [HetznerFaults.VolumeVanishes] = VolumesReady.VolumeGone.Name,
    };

    private static readonly Dictionary<string, string> s_whileDeleted = new(StringComparer.Ordinal)
    {
        [HetznerFaults.Protected] = Provisioned.DeletionBlocked.Name,
    };

    public static TheoryData<string> Survived => [.. HetznerFaults.Names.Where(name => !s_whileMade.ContainsKey(name))];

    public static TheoryData<string> Passing => [.. HetznerFaults.Names.Where(name => !s_whileDeleted.ContainsKey(name))];

    public static TheoryData<string> Told => [.. s_whileMade.Keys];

    [Fact]
    public void The_library_has_forty_faults_at_least_each_under_a_name_of_its_own()
    {
        Assert.InRange(HetznerFaults.Names.Count, 40, 100);
        Assert.Distinct(HetznerFaults.Names);
    }

    [Theory, MemberData(nameof(Survived))]
    public void A_node_is_made_through_it_once(string fault) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                Play(world, fault);
                world.Create(A.Project());
                world.Create(Story.RichNode());
                world.Start();

                await sim.AdvanceAsync(s_lasts);
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, $"the node is ready in spite of {fault}");
                await sim.AdvanceAsync(s_lasts);

                Assert.True(world.IsReady(), $"it stays ready after {fault}");
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("volume")).Value);
            }
        );

    [Theory, MemberData(nameof(Passing))]
    public void A_node_goes_through_it_and_leaves_nothing(string fault) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim);
                Play(world, fault);

                world.Delete<DeploymentNode>("edge");

                await sim.UntilAsync(() => world.IsGone(), Story.Patience, $"the node is gone in spite of {fault}");
                await sim.AdvanceAsync(s_lasts);
                Assert.Empty(world.Left());
            }
        );

    [Theory, MemberData(nameof(Told))]
    public void What_only_a_person_can_mend_is_told_by_a_reason_and_the_node_can_go(string fault) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = fault == HetznerFaults.NameTaken ? Fresh(sim) : await ReadyAsync(sim);
                world.Hetzner.Faults.Play(new HetznerFault(fault) { Count = 1 });
                if (fault == HetznerFaults.NameTaken)
                    world.Create(Story.RichNode());

                await sim.UntilAsync(
                    () => world.MachineOf()?.Status.Conditions.Any(condition => condition.Reason == s_whileMade[fault]) == true,
                    Story.Patience,
                    $"{s_whileMade[fault]} is told"
                );

                foreach (var stranger in world.Hetzner.Servers().Where(server => server.Labels.Count == 0))
                    await world.AtProviderAsync(HttpMethod.Delete, $"servers/{stranger.Id}");
                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void A_protected_server_blocks_its_delete_by_name_until_somebody_takes_the_protection_off() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Protected) { Count = 1 });
                world.Delete<DeploymentNode>("edge");

                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.DeletionBlocked.Name,
                    TimeSpan.FromSeconds(30),
                    "it is told within 30 s"
                );
                var server = Assert.Single(world.Hetzner.Servers());
                Assert.Contains($"server {server.Id}", world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.Contains("volume ", world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.Contains("address ", world.MessageOf("Provisioned"), StringComparison.Ordinal);

                await world.AtProviderAsync(
                    HttpMethod.Post,
                    $"servers/{server.Id}/actions/change_protection",
                    """{"delete":false,"rebuild":false}"""
                );
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
                Assert.Empty(world.Left());
            }
        );

    private static void Play(VirtualWorld world, string fault) =>
        world.Hetzner.Faults.Play(new HetznerFault(fault) { Lasts = s_lasts });

    private static VirtualWorld Fresh(Simulation sim)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        world.Start();
        return world;
    }

    private static async Task<VirtualWorld> ReadyAsync(Simulation sim)
    {
        var world = Fresh(sim);
        world.Create(Story.RichNode());
        await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
        await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        return world;
    }
}
