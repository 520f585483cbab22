using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;
using ContainerState = Sam.Operator.Clients.Docker.ContainerState;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Images of former releases leave a node when no rollback within reach needs them, and a disk that fills up is told and acted on.</summary>
public sealed class ImagesAndDiskTests
{
    private const string Foreign = "registry.test/somebody:1";

    [Fact]
    public void After_five_releases_the_images_of_three_are_there_and_a_rollback_to_the_first_pulls_again() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                await engine.PullImageAsync(Foreign, null, default);
                for (var n = 2; n <= 5; n++)
                    await ReleaseAsync(sim, world, n);

                Assert.Equal([3, 4, 5], Held(engine, world));
                Assert.Contains(Foreign, engine.Images);
                var pulls = engine.Pulls.Count;

                await RollBackAsync(sim, world, 4);
                await RollBackAsync(sim, world, 3);
                Assert.Equal(pulls, engine.Pulls.Count);
                await RollBackAsync(sim, world, 1);
                Assert.Equal(pulls + 1, engine.Pulls.Count);
            }
        );

    [Fact]
    public void An_image_that_somebody_named_by_tag_stays() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                await engine.PullImageAsync("registry.test/shop:1", null, default);
                for (var n = 2; n <= 5; n++)
                    await ReleaseAsync(sim, world, n);

                Assert.Equal([1, 3, 4, 5], Held(engine, world));
            }
        );

    [Fact]
    public void A_deleted_app_takes_its_images_along_and_leaves_those_of_others() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                world.Create(A.App("blog").With(app => app.Spec.Compose = A.Compose("registry.test/shop:1")));
                await sim.EachSecondAsync(() => world.All<ComposeApp>().All(IsReady), Story.Patience, "both are Ready");
                await ReleaseAsync(sim, world, 2);

                world.Delete<ComposeApp>("shop");
                await sim.EachSecondAsync(() => world.Find<ComposeApp>("shop") is null, Story.Patience, "the app is gone");

                Assert.Equal([1], Held(engine, world));
            }
        );

    [Fact]
    public void A_disk_that_fills_up_is_told_then_acted_on_and_what_serves_goes_on() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                Assert.Equal(DiskPressure.Sufficient.Name, Pressure(world)!.Reason);
                for (var n = 2; n <= 4; n++)
                    await ReleaseAsync(sim, world, n);
                Assert.Equal([2, 3, 4], Held(engine, world));

                await FillAsync(sim, world, 72, DiskPressure.Filling.Name);
                Assert.Equal("72 % of 40 GiB is used", Pressure(world)!.Message);
                Assert.Equal([2, 3, 4], Held(engine, world));
                await FillAsync(sim, world, 86, DiskPressure.CollectingImages.Name);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                Assert.Equal([3, 4], Held(engine, world));
                await FillAsync(sim, world, 96, DiskPressure.Full.Name);

                Write(world, 5);
                await sim.EachSecondAsync(
                    () => Reason(world, "Applied") == "NodeDiskFull",
                    Story.Patience,
                    "the release is held"
                );
                Assert.Equal(ComposeAppConditions.Applied.NodeDiskFull.Name, Reason(world, "Applied"));
                Assert.Equal(4, world.Find<ComposeApp>("shop")!.Status.AppliedRelease);
                Assert.DoesNotContain(5, Held(engine, world));
                Assert.True(world.IsReady());

                await FillAsync(sim, world, 50, DiskPressure.Sufficient.Name);
                await sim.EachSecondAsync(() => Serves(world, 5), Story.Patience, "the held release goes on by itself");
            }
        );

    [Fact]
    public void A_Caddy_without_df_is_told_as_not_measured_and_holds_up_nothing() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                world.Engines.Script.OnExec(RecordedCaddy.IsDisk, _ => new ExecResult(127, "", "no df"));
                await UntilPressureAsync(sim, world, DiskPressure.NotMeasured.Name);

                await ReleaseAsync(sim, world, 2);

                Assert.Equal("Unknown", Pressure(world)!.Status);
                Assert.Null(world.Find<DeploymentNode>("edge")!.Status.Disk);
            }
        );

    [Fact]
    public void Versions_are_in_status_and_another_Caddy_image_costs_no_app() =>
        Lives(
            async (sim, world, engine, _) =>
            {
                var before = world.Find<DeploymentNode>("edge")!.Status;
                Assert.Equal(("27.0.0-record-only", "v2.0.0-recorded"), (before.EngineVersion, before.Caddy!.Version));
                var app = (await AppContainersAsync(world, engine)).Single().Id;
                world.Engines.Script.OnExec(call => call.Command is ["caddy", "version"], _ => new ExecResult(0, "v3", ""));

                Edit<DeploymentNode>(world, "edge", spec => spec["caddyImage"] = "registry.test/caddy:3");
                await sim.EachSecondAsync(
                    () => world.Find<DeploymentNode>("edge")!.Status.Caddy!.Version == "v3",
                    Story.Patience,
                    "the new Caddy runs"
                );

                Assert.Equal(app, (await AppContainersAsync(world, engine)).Single().Id);
                Assert.True(Serves(world, 1));
                Assert.Contains(world.All<Eventsv1Event>(), told => told.Reason == "CaddyReplaced");
            }
        );

    [Fact]
    public void After_a_reboot_all_is_back_without_the_operator_which_then_only_confirms() =>
        Lives(
            async (sim, world, engine, process) =>
            {
                var ids = await IdsAsync(engine);
                process.Kill();

                engine.PowerCycle();
                await sim.AdvanceAsync(TimeSpan.FromSeconds(10));
                Assert.All(
                    await engine.ListContainersAsync(Everything, default),
                    container => Assert.Equal(ContainerState.Running, container.State)
                );
                var made = engine.CountOf("CreateContainer") + engine.CountOf("StartContainer");
                world.Start();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));

                Assert.Equal(made, engine.CountOf("CreateContainer") + engine.CountOf("StartContainer"));
                Assert.Equal(ids, await IdsAsync(engine));
                Assert.True(Serves(world, 1));
            }
        );

    private static readonly Dictionary<string, string> Everything = new(StringComparer.Ordinal);

    /// <summary>A node that is Ready with one app, and the process that made it so.</summary>
    private static void Lives(Func<Simulation, VirtualWorld, RecordOnlyEngine, SimulatedOperator, Task> story) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.App());
                var process = world.Start();
                await sim.EachSecondAsync(() => Serves(world, 1), Story.Patience, "the app is served");
                await story(sim, world, world.Engines.Engine(world.MachineOf()!.Spec.MachineId), process);
            }
        );

    private static void Write(VirtualWorld world, int n) =>
        Edit<ComposeApp>(world, "shop", spec => spec["compose"] = A.Compose($"registry.test/shop:{n}"));

    private static async Task ReleaseAsync(Simulation sim, VirtualWorld world, int n)
    {
        Write(world, n);
        await sim.EachSecondAsync(() => Serves(world, n), Story.Patience, $"release {n} serves");
        await sim.AdvanceAsync(TimeSpan.FromSeconds(5));
    }

    private static async Task RollBackAsync(Simulation sim, VirtualWorld world, int n)
    {
        Edit<ComposeApp>(world, "shop", spec => spec["rollbackTo"] = n);
        await sim.EachSecondAsync(() => Serves(world, n), Story.Patience, $"release {n} serves again");
    }

    private static async Task FillAsync(Simulation sim, VirtualWorld world, int percent, string reason)
    {
        world.Engines.Script.OnExec(RecordedCaddy.IsDisk, _ => RecordedCaddy.Disk(percent));
        await UntilPressureAsync(sim, world, reason);
    }

    private static Task UntilPressureAsync(Simulation sim, VirtualWorld world, string reason) =>
        sim.EachSecondAsync(() => Pressure(world)?.Reason == reason, Story.Patience, $"the node says {reason}");

    private static V1Condition? Pressure(VirtualWorld world) =>
        world.Find<DeploymentNode>("edge")!.Status.Conditions.FirstOrDefault(condition => condition.Type == "DiskPressure");

    /// <summary>The shop's images that the engine holds, by the number of their tag.</summary>
    private static List<int> Held(RecordOnlyEngine engine, VirtualWorld world) =>
        [
            .. Enumerable
                .Range(1, 9)
                .Where(n =>
                    engine.Images.Contains($"registry.test/shop@{world.Engines.Script.DigestOf($"registry.test/shop:{n}")}")
                ),
        ];

    private static Task<IReadOnlyList<EngineContainer>> AppContainersAsync(VirtualWorld world, RecordOnlyEngine engine) =>
        engine.ListContainersAsync(EngineNames.AppLabels(world.Find<ComposeApp>("shop")!.Metadata.Uid), default);

    private static async Task<List<string>> IdsAsync(RecordOnlyEngine engine) =>
        [
            .. (await engine.ListContainersAsync(Everything, default))
                .Select(container => container.Id)
                .Order(StringComparer.Ordinal),
        ];

    private static bool Serves(VirtualWorld world, long release) =>
        world.Find<ComposeApp>("shop") is { Status.ApplyState: ApplyState.Applied } app
        && app.Status.AppliedRelease == release
        && IsReady(app);

    private static string? Reason(VirtualWorld world, string type) =>
        world.Find<ComposeApp>("shop")!.Status.Conditions.FirstOrDefault(condition => condition.Type == type)?.Reason;

    private static bool IsReady(ComposeApp app) =>
        app.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });

    private static void Edit<TEntity>(VirtualWorld world, string name, Action<JsonObject> edit)
        where TEntity : IKubernetesObject<V1ObjectMeta> =>
        world.Cluster.Change(
            $"{ResourceKind.Of<TEntity>().CollectionPath(VirtualWorld.Home)}/{name}",
            found =>
            {
                edit(found["spec"]!.AsObject());
                found["metadata"]!["generation"] = (found["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );
}
