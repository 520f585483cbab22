using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>People see what is left to do, while there is something.</summary>
public sealed class PlanInStatusTests
{
    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Fact]
    public void The_plan_of_a_release_stands_in_status_until_it_is_carried_out() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Engines.Script.Image("registry.test/shop:2", new ImageScript { HealthyAfter = TimeSpan.FromSeconds(20) });
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.App());
                world.Start();
                await sim.EachSecondAsync(() => Status(world)?.AppliedRelease == 1, Story.Patience, "release 1 is applied");
                Assert.Null(Status(world)!.Plan);

                world.Cluster.Change(
                    s_path,
                    app =>
                    {
                        app["spec"]!["compose"] = A.Compose("registry.test/shop:2");
                        app["metadata"]!["generation"] = 2;
                    }
                );
                await sim.EachSecondAsync(() => Status(world)?.ApplyState == ApplyState.Applying, Story.Patience, "it is begun");

                var plan = Status(world)!.Plan!;
                Assert.StartsWith("await sam-", plan[0], StringComparison.Ordinal);
                Assert.EndsWith(" healthy", plan[0], StringComparison.Ordinal);
                Assert.Contains(plan, line => line.StartsWith("edge on: ", StringComparison.Ordinal));
                Assert.StartsWith("remove sam-", plan[^1], StringComparison.Ordinal);
                await sim.EachSecondAsync(() => Status(world)?.AppliedRelease == 2, Story.Patience, "release 2 is applied");
                Assert.Null(Status(world)!.Plan);
            }
        );

    private static ComposeAppStatus? Status(VirtualWorld world) => world.Find<ComposeApp>("shop")?.Status;
}
