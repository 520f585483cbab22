using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A rollback has a deadline of its own, whatever was applied before and how long ago.</summary>
public sealed class RollbackTests
{
    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Theory, InlineData(1), InlineData(2)]
    public void A_rollback_long_after_the_last_release_is_applied(long to) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.App());
                world.Start();
                await AppliedAsync(sim, world, 1);
                Edit(world, spec => spec["compose"] = A.Compose("registry.test/shop:2"));
                await AppliedAsync(sim, world, 2);
                Edit(world, spec => spec["compose"] = A.Compose("registry.test/shop:3"));
                await AppliedAsync(sim, world, 3);
                await sim.AdvanceAsync(TimeSpan.FromHours(1));

                Edit(world, spec => spec["rollbackTo"] = to);
                await AppliedAsync(sim, world, to, TimeSpan.FromSeconds(20));

                var status = world.Find<ComposeApp>("shop")!.Status;
                Assert.All(status.Releases, release => Assert.Equal("Applied", release.Outcome));
                Assert.Equal($"registry.test/shop", status.Services.Single().Image);
            }
        );

    private static void Edit(VirtualWorld world, Action<JsonObject> edit) =>
        world.Cluster.Change(
            s_path,
            app =>
            {
                edit(app["spec"]!.AsObject());
                app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );

    private static Task AppliedAsync(Simulation sim, VirtualWorld world, long release, TimeSpan? within = null) =>
        sim.EachSecondAsync(
            () =>
                world.Find<ComposeApp>("shop")?.Status is { ApplyState: ApplyState.Applied } status
                && status.AppliedRelease == release,
            within ?? Story.Patience,
            $"release {release} is applied"
        );
}
