using System.Text;
using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A secret stays in a node's memory as long as a kept release needs it, and no longer.</summary>
public sealed class SpentSecretsTests
{
    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Fact]
    public void A_secret_of_a_release_that_is_dropped_is_emptied_and_those_of_kept_ones_stay() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ReleasedAsync(sim, world, 3);

                var held = Secrets(world);

                Assert.Equal(["second", "third"], held.Where(secret => secret.Length > 0).Order(StringComparer.Ordinal));
                Assert.Contains("", held);
            }
        );

    [Fact]
    public void A_deleted_app_leaves_no_secret_behind() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                await ReleasedAsync(sim, world, 2);

                world.Delete<ComposeApp>("shop");
                await sim.EachSecondAsync(() => world.Find<ComposeApp>("shop") is null, Story.Patience, "the app is gone");

                Assert.Equal(["", ""], Secrets(world));
            }
        );

    private static async Task ReleasedAsync(Simulation sim, VirtualWorld world, int releases)
    {
        string[] tokens = ["first", "second", "third"];
        world.Create(A.Project());
        world.Create(A.Node());
        world.Create(
            A.App()
                .With(app =>
                {
                    app.Spec.RevisionHistoryLimit = 1;
                    app.Spec.Env = [new EnvironmentVariable { Name = "TOKEN", Value = tokens[0] }];
                    app.Spec.Compose = A.Compose(
                        "registry.test/shop:1",
                        "    secrets: [token]\nsecrets: {token: {environment: TOKEN}}"
                    );
                })
        );
        world.Start();
        await AppliedAsync(sim, world, 1);
        for (var release = 2; release <= releases; release++)
        {
            world.Cluster.Change(
                s_path,
                app =>
                {
                    app["spec"]!["env"] = new JsonArray(new JsonObject { ["name"] = "TOKEN", ["value"] = tokens[release - 1] });
                    app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
                }
            );
            await AppliedAsync(sim, world, release);
        }

        await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
    }

    private static Task AppliedAsync(Simulation sim, VirtualWorld world, long release) =>
        sim.EachSecondAsync(
            () => world.Find<ComposeApp>("shop")?.Status.AppliedRelease == release,
            Story.Patience,
            $"release {release} is applied"
        );

    /// <summary>What stands in the files of the node's memory.</summary>
    private static List<string> Secrets(VirtualWorld world) =>
        [
            .. world
                .Engines.Engine(world.MachineOf()!.Spec.MachineId)
                .FolderOf(NodeFiles.MemoryFolder)
                .Values.Select(Encoding.UTF8.GetString),
        ];
}
