using Sam.Crds.V1Alpha1;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>The whole operator lives in virtual time.</summary>
public sealed class FirstLightTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    [Theory, Unit.Tests.Simulations.Seeds(3)]
    public void A_node_becomes_ready_with_few_calls_and_goes_without_a_trace(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start();

                await sim.UntilAsync(() => IsReady(world), s_patience, "the node is ready");
                Assert.True(world.Calls() <= 6, string.Join(", ", world.Hetzner.Calls()));

                world.Delete<DeploymentNode>("edge");
                await sim.UntilAsync(() => world.Find<DeploymentNode>("edge") is null, s_patience, "the node is gone");
                Assert.Empty(world.Hetzner.Servers());
            }
        );

    private static bool IsReady(VirtualWorld world) =>
        world.Find<DeploymentNode>("edge")?.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" })
        == true;
}
