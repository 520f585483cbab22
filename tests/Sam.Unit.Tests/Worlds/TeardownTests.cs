using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>The end of a Machine with everything it may have: nothing is left, or what is left is named with its id.</summary>
public sealed class TeardownTests
{
    private static readonly TimeSpan s_told = TimeSpan.FromSeconds(30);

    [Theory, InlineData(DeletionPolicy.Delete), InlineData(DeletionPolicy.Retain)]
    public void With_a_dead_token_all_that_is_left_is_named_in_30_s_and_a_new_token_ends_it(DeletionPolicy policy) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode().With(node => node.Spec.DeletionPolicy = policy));
                var status = world.MachineOf()!.Status;
                world.Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.DeletionBlocked.Name,
                    s_told,
                    "it is told within 30 s"
                );
                var told = world.MessageOf("Provisioned");
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                var before = world.Left().Count;
                Renew(world);
                await sim.UntilAsync(() => world.IsGone(), TimeSpan.FromMinutes(2), "a new token ends it");

                Assert.Contains($"server {status.ServerId}", told, StringComparison.Ordinal);
                Assert.Contains($"volume {status.Volumes[0].Id}", told, StringComparison.Ordinal);
                Assert.Contains($"address {status.PrimaryIPv4Id}", told, StringComparison.Ordinal);
                Assert.Equal((3, policy == DeletionPolicy.Retain ? 3 : 0), (before, world.Left().Count));
            }
        );

    [Fact]
    public void A_Secret_that_is_gone_blocks_nothing_since_a_copy_was_kept() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                world.Delete<V1Secret>(A.TokenSecret);

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void A_node_for_which_nothing_was_bought_goes_without_a_token() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(Story.RichNode());
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity));
                world.Start();
                await sim.UntilAsync(
                    () =>
                        world.ReasonOf("Provisioned") == Provisioned.NoCapacity.Name
                        && world.MessageOf("Provisioned").StartsWith("All 2 offers", StringComparison.Ordinal),
                    Story.Patience,
                    "no offer is to be had, and none is being asked for"
                );
                world.Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);

                world.Delete<DeploymentNode>("edge");

                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
            }
        );

    [Fact]
    public void What_is_kept_on_purpose_is_marked_and_named_each_and_no_sweep_takes_it() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(
                    sim,
                    Story.RichNode().With(node => node.Spec.DeletionPolicy = DeletionPolicy.Retain)
                );
                var status = world.MachineOf()!.Status;
                await PersonalLabelAsync(world);

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Equal(3, world.Left().Count);
                var labels = Assert.Single(world.Hetzner.Servers()).Labels;
                Assert.Equal(("true", "ops"), (labels[Names.ServerLabels.Retained], labels["team"]));
                Assert.All(
                    [Assert.Single(world.Hetzner.Volumes()), Assert.Single(world.Hetzner.PrimaryIps())],
                    thing => Assert.Equal("true", (string?)thing["labels"]![Names.ServerLabels.Retained])
                );
                Told(world, "ServerRetained", status.ServerId);
                Told(world, "VolumeRetained", status.Volumes[0].Id);
                Told(world, "AddressRetained", status.PrimaryIPv4Id);
            }
        );

    [Theory, InlineData("volumes"), InlineData("primary_ips")]
    public void What_is_protected_is_named_alone_once_the_rest_is_gone(string kind) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                var status = world.MachineOf()!.Status;
                var id = kind == "volumes" ? status.Volumes[0].Id : status.PrimaryIPv4Id!.Value;
                await ProtectAsync(world, kind, id, true);

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.DeletionBlocked.Name,
                    s_told,
                    "it is told within 30 s"
                );
                var told = world.MessageOf("Provisioned");
                Assert.Contains($" {id} ", told, StringComparison.Ordinal);
                Assert.DoesNotContain("server ", told, StringComparison.Ordinal);
                Assert.Empty(world.Hetzner.Servers());

                await ProtectAsync(world, kind, id, false);
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");
                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void With_few_requests_left_a_deletion_still_finds_all_that_it_has_to_delete() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                while (world.Calls() < 2900)
                    await world.AtProviderAsync(HttpMethod.Get, "locations");
                await world.AtProviderAsync(HttpMethod.Get, "locations");
                // The operator hears of it by the first answer that it gets.
                world.Delete<DeploymentNode>("edge");

                await sim.UntilAsync(() => world.IsGone(), TimeSpan.FromMinutes(1), "the node is gone");

                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void What_somebody_deleted_already_is_no_obstacle() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                var status = world.MachineOf()!.Status;
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                await world.AtProviderAsync(HttpMethod.Delete, $"servers/{status.ServerId}");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
                await world.AtProviderAsync(HttpMethod.Delete, $"primary_ips/{status.PrimaryIPv4Id}");

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Empty(world.Left());
            }
        );

    /// <summary>The process dies with the answer on its way, and the list does not show the volume when its Machine is deleted.</summary>
    [Theory, Seeds(3)]
    public void A_volume_whose_id_nobody_heard_of_goes_though_lists_lag(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(Story.RichNode());
                var first = world.Start();
                world.Gate.Passed = effect =>
                {
                    if (effect.EndsWith("/volumes", StringComparison.Ordinal) && world.Hetzner.Volumes().Count > 0)
                        first.Kill();
                };
                await sim.UntilAsync(() => world.Hetzner.Volumes().Count == 1, Story.Patience, "a volume is bought");
                world.Gate.Passed = _ => { };
                first.Kill();
                Assert.Empty(world.MachineOf()!.Status.Volumes);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.StaleList) { Delay = TimeSpan.FromSeconds(20) });

                world.Delete<DeploymentNode>("edge");
                world.Start();
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void What_no_list_shows_yet_goes_by_its_id() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = await ReadyAsync(sim, Story.RichNode());
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.StaleList) { Count = 1000, Delay = TimeSpan.FromHours(2) }
                );

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Empty(world.Left());
            }
        );

    [Fact]
    public void A_create_that_is_carried_out_90_s_after_its_sender_died_leaves_nothing() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(Story.RichNode());
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.Slow)
                    {
                        Method = "POST",
                        Path = "/servers",
                        Delay = TimeSpan.FromSeconds(90),
                    }
                );
                var first = world.Start();
                await sim.UntilAsync(() => world.MachineOf()?.Status.Claim is not null, Story.Patience, "it is claimed");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(1));
                first.Kill();

                world.Delete<DeploymentNode>("edge");
                world.Start();
                await sim.UntilAsync(() => world.IsGone(), TimeSpan.FromMinutes(10), "the node is gone");

                Assert.Empty(world.Left());
                Assert.Single(world.Hetzner.EverMade("server"));
            }
        );

    [Theory, Seeds(15)]
    public void Killed_anywhere_while_all_is_to_be_kept_all_is_marked_and_nothing_deleted(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var (world, first) = await StartAsync(
                    sim,
                    Story.RichNode().With(node => node.Spec.DeletionPolicy = DeletionPolicy.Retain)
                );
                using var ending = world;
                world.Gate.Arm(sim.Random.Next(14), sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, first.Kill);

                world.Delete<DeploymentNode>("edge");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(40));
                world.Gate.Disarm();
                first.Kill();
                world.Start();
                await sim.UntilAsync(() => world.IsGone(), Story.Patience, "the node is gone");

                Assert.Equal(3, world.Left().Count);
                Assert.Contains(Names.ServerLabels.Retained, Assert.Single(world.Hetzner.Servers()).Labels.Keys);
                Assert.All(
                    [Assert.Single(world.Hetzner.Volumes()), Assert.Single(world.Hetzner.PrimaryIps())],
                    thing => Assert.NotNull(thing["labels"]![Names.ServerLabels.Retained])
                );
            }
        );

    private static void Told(VirtualWorld world, string reason, long? id) =>
        Assert.Contains(
            world.All<Eventsv1Event>(),
            told => told.Reason == reason && told.Note.Contains($" {id} ", StringComparison.Ordinal)
        );

    private static Task PersonalLabelAsync(VirtualWorld world)
    {
        var server = Assert.Single(world.Hetzner.Servers());
        var labels = new Dictionary<string, string>(server.Labels) { ["team"] = "ops" };
        return world.AtProviderAsync(
            HttpMethod.Put,
            $"servers/{server.Id}",
            System.Text.Json.JsonSerializer.Serialize(new { labels })
        );
    }

    private static Task ProtectAsync(VirtualWorld world, string kind, long id, bool on) =>
        world.AtProviderAsync(
            HttpMethod.Post,
            $"{kind}/{id}/actions/change_protection",
            on ? """{"delete":true}""" : """{"delete":false}"""
        );

    private static void Renew(VirtualWorld world)
    {
        var token = new string('n', 64);
        world.Hetzner.Know(new SimulatedToken(token, "default"));
        world.Create(A.Secret(A.TokenSecret, ("token", token)));
    }

    private static async Task<VirtualWorld> ReadyAsync(Simulation sim, DeploymentNode node) =>
        (await StartAsync(sim, node)).World;

    private static async Task<(VirtualWorld World, SimulatedOperator First)> StartAsync(Simulation sim, DeploymentNode node)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        world.Create(node);
        var first = world.Start();
        await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
        return (world, first);
    }
}
