using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Volumes and addresses outlive servers, are never doubled, never silently replaced, and go or stay as was asked: the steps <c>EnsureVolumes</c>, <c>KeepAddress</c>, <c>ReleaseVolumes</c>, <c>ReleaseAddress</c>.</summary>
public sealed class VolumesTests
{
    [Theory, Seeds(2)]
    public void A_volume_is_attached_grows_and_is_attached_again_if_somebody_detached_it(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                var volume = Assert.Single(world.MachineOf()!.Status.Volumes);
                Assert.Equal(($"/mnt/sam/{volume.Id}", 10), (volume.Path, volume.SizeGiB));
                Assert.Equal(VolumesReady.VolumesAttached.Name, world.ReasonOf("VolumesReady"));

                Resize(world, 20);
                await sim.UntilAsync(() => SizeAtProvider(world) == 20, Story.Patience, "it grew");
                Resize(world, 15);
                await sim.UntilAsync(
                    () => world.ReasonOf("VolumesReady") == VolumesReady.VolumeShrinks.Name,
                    Story.Patience,
                    "it does not shrink, and says so"
                );
                Assert.Contains("spec.volumes[0]", world.MessageOf("VolumesReady"), StringComparison.Ordinal);
                Resize(world, 20);
                await world.AtProviderAsync(HttpMethod.Post, $"volumes/{volume.Id}/actions/detach", "{}");
                await sim.UntilAsync(() => ServerAtProvider(world) is not null, Story.Patience, "it is attached again");
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("volume")).Value);
            }
        );

    [Theory, InlineData(HetznerFaults.VolumeQuota), InlineData(HetznerFaults.NoSpace), InlineData(HetznerFaults.AttachFails)]
    public void A_volume_that_cannot_be_had_now_is_waited_for_while_the_engine_serves(string fault) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Hetzner.Faults.Play(new HetznerFault(fault));
                world.Create(A.Project());
                world.Create(Story.RichNode());
                world.Start();

                await sim.UntilAsync(
                    () =>
                        world.ReasonOf("VolumesReady") == VolumesReady.VolumeWaiting.Name
                        && world.ReasonOf("Reachable") == Reachable.EngineAnswers.Name,
                    Story.Patience,
                    "the engine answers and the volume is waited for"
                );
                var calls = world.Calls("POST /volumes");
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                Assert.InRange(world.Calls("POST /volumes") - calls, 1, 70);

                world.Hetzner.Faults.Stop();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
            }
        );

    [Fact]
    public void A_name_that_a_stranger_has_is_told_and_not_taken_over() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                var name = $"sam-{world.MachineOf()!.Spec.MachineId}-data";
                await world.AtProviderAsync(HttpMethod.Post, "volumes", $$"""{"name":"{{name}}","size":10,"location":"fsn1"}""");

                world.Cluster.Change(
                    "/apis/sam.dev/v1alpha1/namespaces/demo/deploymentnodes/edge",
                    node =>
                        node["spec"]!["volumes"] = System.Text.Json.Nodes.JsonNode.Parse(
                            """[{"name":"data","sizeGiB":10,"deletionPolicy":"Delete"}]"""
                        )
                );

                await sim.UntilAsync(
                    () => world.ReasonOf("VolumesReady") == VolumesReady.VolumeTaken.Name,
                    Story.Patience,
                    "the stranger is told of"
                );
            }
        );

    [Theory, Seeds(20)]
    public void Killed_between_any_two_effects_there_is_one_volume_one_address_and_nothing_at_the_end(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(Story.RichNode());
                await DyingAsync(sim, world, 25);
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("volume")).Value);
                Assert.False(Assert.Single(world.Hetzner.PrimaryIps())["auto_delete"]!.GetValue<bool>());

                world.Delete<DeploymentNode>("edge");
                await DyingAsync(sim, world, 12);
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void What_is_to_be_kept_is_marked_named_and_left_alone_by_the_sweep() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(
                    sim,
                    Story.RichNode().With(node => node.Spec.Volumes![0].DeletionPolicy = DeletionPolicy.Retain)
                );

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                var volume = Assert.Single(world.Hetzner.Volumes());
                Assert.Equal("true", volume["labels"]![Names.ServerLabels.Retained]!.GetValue<string>());
                Assert.Single(world.Left());
                Assert.Contains(
                    world.All<k8s.Models.Eventsv1Event>(),
                    told => told.Reason == "VolumeRetained" && told.Note.Contains($"{volume["id"]}", StringComparison.Ordinal)
                );
            }
        );

    [Fact]
    public void A_name_that_ends_as_another_ones_is_not_taken_for_it_at_the_end() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(
                    sim,
                    Story
                        .RichNode()
                        .With(node =>
                            node.Spec.Volumes!.Add(
                                new MachineVolume
                                {
                                    Name = "big-data",
                                    SizeGiB = 10,
                                    DeletionPolicy = DeletionPolicy.Retain,
                                }
                            )
                        )
                );

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.EndsWith("-big-data", (string?)Assert.Single(world.Hetzner.Volumes())["name"], StringComparison.Ordinal);
            }
        );

    [Fact]
    public void A_private_network_is_joined_by_name_and_one_that_is_missing_is_told() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Cloud = new CloudSpec { Network = "backbone" }));
                world.Start();
                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.RequestRejected.Name,
                    Story.Patience,
                    "the missing network is told"
                );
                Assert.Contains("spec.network", world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.Empty(world.Hetzner.EverMade("server"));

                await world.AtProviderAsync(
                    HttpMethod.Post,
                    "networks",
                    """{"name":"backbone","ip_range":"10.7.0.0/16","subnets":[{"type":"cloud","network_zone":"eu-central"}]}"""
                );
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                await sim.UntilAsync(
                    () => world.MachineOf()!.Status.PrivateIPv4 is not null,
                    Story.Patience,
                    "its private address is shown"
                );
            }
        );

    private static async Task DyingAsync(Simulation sim, VirtualWorld world, int effects)
    {
        for (var death = 0; death < 3; death++)
        {
            var one = world.Start();
            world.Gate.Arm(sim.Random.Next(effects), sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, one.Kill);
            await sim.AdvanceAsync(TimeSpan.FromSeconds(40));
            world.Gate.Disarm();
            one.Kill();
        }

        world.Start();
    }

    private static async Task<VirtualWorld> ReadyAsync(Simulation sim, DeploymentNode node)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        world.Create(node);
        world.Start();
        await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
        return world;
    }

    private static void Resize(VirtualWorld world, int size) =>
        world.Cluster.Change(
            "/apis/sam.dev/v1alpha1/namespaces/demo/deploymentnodes/edge",
            node =>
            {
                node["spec"]!["volumes"]![0]!["sizeGiB"] = size;
                node["metadata"]!["generation"] = node["metadata"]!["generation"]!.GetValue<long>() + 1;
            }
        );

    private static int SizeAtProvider(VirtualWorld world) => Assert.Single(world.Hetzner.Volumes())["size"]!.GetValue<int>();

    private static long? ServerAtProvider(VirtualWorld world) =>
        Assert.Single(world.Hetzner.Volumes())["server"]?.GetValue<long>();
}
