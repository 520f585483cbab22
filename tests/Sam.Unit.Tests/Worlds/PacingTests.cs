using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What is written down about a try must not be what starts the next one.</summary>
public sealed class PacingTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Theory, Seeds(2)]
    public void A_provider_that_fails_every_create_is_asked_with_growing_pauses(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.ServerError) { Method = "POST", Path = "/servers" });
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start();

                await sim.AdvanceAsync(s_hour);

                // 1 s doubling to 5 min: nine tries until the longest pause, then twelve an hour.
                Assert.InRange(Creates(world), 5, 30);
            }
        );

    [Theory, Seeds(2)]
    public void A_name_that_somebody_else_took_is_asked_for_now_and_then(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start(setup => setup.Plant(PlantedBug.NoLookup));
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.LostAnswer)
                    {
                        Method = "POST",
                        Path = "/servers",
                        Count = 1,
                    }
                );

                await sim.AdvanceAsync(s_hour);

                Assert.InRange(Creates(world), 2, 40);
            }
        );

    private static long Creates(VirtualWorld world) =>
        world
            .Hetzner.Calls()
            .Where(call => call.Key.StartsWith("POST /servers ", StringComparison.Ordinal))
            .Sum(call => call.Value);
}
