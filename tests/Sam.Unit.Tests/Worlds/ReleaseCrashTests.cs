using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A release while the operator dies at any point of it. `make crash-deploy` lives many more of these stories.</summary>
public sealed class ReleaseCrashTests
{
    [Theory, Seeds(40)]
    public void Killed_at_any_point_of_a_release_exactly_one_release_is_left_whole(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var run = await ReleaseRun.LiveAsync(sim);

                Assert.True(run.Wrong.Count == 0, $"{run.Story}: {string.Join("; ", run.Wrong.Distinct())}");
            }
        );
}
