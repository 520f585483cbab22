using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Runtime.Resources;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;
using static Sam.Unit.Tests.Worlds.ReplacementStory;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A node whose spec asks for another VM gets one, and its apps go with it: the steps <c>ReplaceMachine</c> and <c>AlignMachine</c>.</summary>
public sealed class ReplacementTests
{
    private const string Certificate = "/data/caddy/certificates/local/shop.crt";
    private static readonly string s_app = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Fact]
    public void The_old_VM_serves_until_every_app_is_Ready_on_the_new_one_and_then_goes() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);
                var old = world.Engines.Engine(before.MachineId!);
                await old.PutFileAsync(Caddy(old), new EngineFile(Certificate, "kept"u8.ToArray()), CancellationToken.None);

                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Phase(world) == ReplacementPhase.Moving, Story.Patience, "apps move");
                Assert.Equal(MachineCurrent.Replacing.Name, Reason(world));
                Assert.Equal(before.PublicIPv4, Node(world).PublicIPv4);
                Assert.Contains(old.Containers, container => container.Name.Contains("-web-", StringComparison.Ordinal));
                await sim.EachSecondAsync(() => Phase(world) == ReplacementPhase.Draining, Story.Patience, "the new one serves");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(30));
                Assert.NotEqual(before.PublicIPv4, Node(world).PublicIPv4);
                Assert.Equal(2, world.Hetzner.Servers().Count);
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "the old one is gone");

                var server = Assert.Single(world.Hetzner.Servers());
                Assert.Equal("cx33", server.ServerType);
                Assert.Null(Node(world).Replacement);
                Assert.Equal(MachineCurrent.Current.Name, Reason(world));
                Assert.Single(world.All<Machine>());
                var engine = world.Engines.Engine(Node(world).MachineId!);
                Assert.Equal("kept"u8.ToArray(), await engine.GetFileAsync(Caddy(engine), Certificate, CancellationToken.None));
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");
                Assert.Equal(Node(world).MachineId, world.Find<ComposeApp>("shop")!.Status.MachineId);
                Assert.DoesNotContain("DriftRepaired", Events(world), StringComparison.Ordinal);
                Assert.Contains("MachineReplaced", Events(world), StringComparison.Ordinal);
            }
        );

    [Fact]
    public void A_wish_that_is_taken_back_gives_the_new_VM_back() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);

                Ask(world, "cx33");
                await sim.UntilAsync(() => world.Hetzner.Servers().Count == 2, Story.Patience, "the new one is bought");
                Assert.Equal(ReplacementPhase.Preparing, Phase(world));
                Ask(world, "cx23");
                await sim.EachSecondAsync(() => Node(world).Replacement is null, Story.Patience, "it is given back");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));

                Assert.Single(world.Hetzner.Servers());
                Assert.Equal(before.MachineId, Node(world).MachineId);
                Assert.True(IsReady(world));
            }
        );

    [Fact]
    public void Volumes_on_the_VMs_own_disk_block_it_and_nothing_is_bought() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world, "    volumes: [\"data:/data\"]\nvolumes: {data: }");

                Ask(world, "cx33");
                await sim.EachSecondAsync(
                    () => Reason(world) == MachineCurrent.ReplacementBlocked.Name,
                    Story.Patience,
                    "it is told"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.Contains("would be lost: shop (sam-", Told(world), StringComparison.Ordinal);
                Assert.Single(world.Hetzner.Servers());
                Assert.True(IsReady(world));
            }
        );

    [Fact]
    public void A_volume_that_an_app_got_while_the_new_VM_was_waited_for_blocks_it_still() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity) { Lasts = TimeSpan.FromMinutes(20) });
                Ask(world, "cx33");
                await sim.UntilAsync(() => Phase(world) == ReplacementPhase.Preparing, Story.Patience, "it is begun");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Compose(world, "    volumes: [\"data:/data\"]\nvolumes: {data: }");
                await sim.EachSecondAsync(
                    () => world.Find<ComposeApp>("shop")!.Status.AppliedRelease == 2,
                    Story.Patience,
                    "the app has a volume"
                );
                await sim.EachSecondAsync(
                    () => Reason(world) == MachineCurrent.ReplacementBlocked.Name,
                    Story.Patience,
                    "it is told"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.Equal((before.MachineId, ReplacementPhase.Preparing), (Node(world).MachineId, Phase(world)));
                Assert.Contains("would be lost: shop (sam-", Told(world), StringComparison.Ordinal);
            }
        );

    [Fact]
    public void Volumes_that_were_kept_of_an_app_that_is_gone_block_it() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world, "    volumes: [\"data:/data\"]\nvolumes: {data: }");
                world.Cluster.Change(s_app, app => app["spec"]!["deletionPolicy"] = "Retain");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
                world.Delete<ComposeApp>("shop");
                await sim.EachSecondAsync(() => world.Find<ComposeApp>("shop") is null, Story.Patience, "the app is gone");

                Ask(world, "cx33");
                await sim.EachSecondAsync(
                    () => Reason(world) == MachineCurrent.ReplacementBlocked.Name,
                    Story.Patience,
                    "it is told"
                );

                Assert.Contains("of an app that is gone (sam-", Told(world), StringComparison.Ordinal);
                Assert.Single(world.Hetzner.Servers());
            }
        );

    [Theory, InlineData(ReplacementPhase.Preparing), InlineData(ReplacementPhase.Draining)]
    public void A_node_that_is_deleted_in_the_middle_leaves_nothing(ReplacementPhase phase) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                Ask(world, "cx33");
                await sim.UntilAsync(() => Phase(world) == phase, Story.Patience, "it is in the middle");

                await DeleteAsync(sim, world);

                Assert.Empty(world.Hetzner.Servers());
                Assert.Empty(world.All<Machine>());
            }
        );

    [Fact]
    public void The_old_VM_goes_on_when_the_new_one_dies_before_it_has_taken_its_place() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var before = await ServedAsync(sim, world);
                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Phase(world) == ReplacementPhase.Draining, Story.Patience, "the new one serves");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1)); // it is locked while its own creation goes on
                var (old, next) = (
                    world.Find<Machine>(before.MachineRef!.Name)!,
                    world.Find<Machine>(Node(world).MachineRef!.Name)!
                );

                await world.AtProviderAsync(HttpMethod.Delete, $"servers/{next.Status.ServerId}");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(20));

                Assert.Equal(old.Status.ServerId, Assert.Single(world.Hetzner.Servers()).Id);
                Assert.Equal(ReplacementPhase.Draining, Phase(world));
            }
        );

    [Fact]
    public void An_app_that_is_deleted_meanwhile_goes_from_both_VMs() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var old = world.Engines.Engine((await ServedAsync(sim, world)).MachineId!);
                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Phase(world) == ReplacementPhase.Draining, Story.Patience, "the new one serves");

                world.Delete<ComposeApp>("shop");
                await sim.EachSecondAsync(() => world.Find<ComposeApp>("shop") is null, Story.Patience, "the app is gone");

                Assert.Equal(ReplacementPhase.Draining, Phase(world));
                Assert.Equal([CaddyContainer.Name], old.Containers.Select(container => container.Name));
            }
        );

    [Fact]
    public void A_VM_that_is_gone_is_replaced_too() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ServedAsync(sim, world);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1)); // it is locked while its own creation goes on
                await world.AtProviderAsync(HttpMethod.Delete, $"servers/{world.Hetzner.Servers().Single().Id}");
                await sim.EachSecondAsync(
                    () =>
                        world
                            .Find<DeploymentNode>("edge")!
                            .Status.Conditions.Any(held => held is { Type: "Stalled", Status: "True" }),
                    Story.Patience,
                    "the node is stalled"
                );

                Ask(world, "cx33");
                await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                Assert.Single(world.Hetzner.Servers());
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
                var now = Start(world);
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "it is served");
                Ask(world, "cx33");
                await ReplacedThroughDeathsAsync(sim, world, deaths: 3, now, () => Start(world));
                await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "all is Ready");

                Assert.Equal("cx33", Assert.Single(world.Hetzner.Servers()).ServerType);
                Assert.Single(world.All<Machine>());
            }
        );

    private static async Task<DeploymentNodeStatus> ServedAsync(Simulation sim, VirtualWorld world, string more = "")
    {
        Create(world, more);
        world.Start();
        await sim.EachSecondAsync(() => IsReady(world), Story.Patience, "it is served");
        return Node(world);
    }

    private static void Create(VirtualWorld world, string more = "")
    {
        world.Create(A.Project());
        world.Create(A.Node());
        world.Create(A.App().With(app => app.Spec.Compose = A.Compose("registry.test/shop:1", more)));
    }

    /// <summary>An operator that may also die between any two calls to an engine.</summary>
    private static SimulatedOperator Start(VirtualWorld world) =>
        world.Start(setup =>
            setup.Replace = services => services.AddSingleton<IMachineLinks>(new GatedEngines(world.Engines, world.Gate))
        );

    private static void Compose(VirtualWorld world, string more) =>
        world.Cluster.Change(
            s_app,
            app =>
            {
                app["spec"]!["compose"] = A.Compose("registry.test/shop:1", more);
                app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );

    private static string Told(VirtualWorld world) =>
        Node(world).Conditions.FirstOrDefault(held => held.Type == "MachineCurrent")?.Message ?? "";

    private static bool IsReady(VirtualWorld world) => world.IsReady() && IsAppReady(world);

    private static string Caddy(Sam.Operator.Clients.Docker.RecordOnly.RecordOnlyEngine engine) =>
        engine.Containers.Single(container => container.Name == CaddyContainer.Name).Id;

    private static string Events(VirtualWorld world) =>
        string.Join('\n', world.All<k8s.Models.Eventsv1Event>().Select(told => $"{told.Reason}: {told.Note}"));
}
