using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What the provider refuses to many is asked for by few, and nothing that was refused ends in a dead end.</summary>
public sealed class RefusalTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void A_first_offer_refused_for_an_hour_costs_all_of_a_token_a_few_creates(int machines) =>
        Simulation.Run(
            5,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.Capacity)
                    {
                        ServerType = "cx23",
                        Location = "fsn1",
                        Lasts = TimeSpan.FromHours(1),
                    }
                );
                world.Start();
                fleet.Add(machines);

                await sim.AdvanceAsync(TimeSpan.FromMinutes(4));
                output.WriteLine($"{fleet.Ready()} ready; {string.Join(", ", fleet.Reasons())}; {fleet.Told()}");
                await sim.EachSecondAsync(
                    () => fleet.Ready() == machines,
                    TimeSpan.FromMinutes(5),
                    "all are ready on the second"
                );

                output.WriteLine($"ready after {sim.Elapsed}; {fleet.Told()}");
                Assert.All(world.Hetzner.Servers(), server => Assert.Equal("nbg1", server.Location));
                // Those in flight when the first refusal came know nothing of it: one each of the 32 workers at the very most.
                Assert.InRange(fleet.Creates() - machines, 1, 5);
            }
        );

    [Theory, Unit.Tests.Simulations.Seeds(2)]
    public void A_quota_is_asked_for_once_a_cool_down_by_all_who_wait(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(1));
                fleet.Add(1);
                await sim.EachSecondAsync(() => fleet.Ready() == 1, s_patience, "one is ready");
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Quota));
                var before = fleet.Creates();
                fleet.Add(50);

                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                var asked = fleet.Creates() - before;
                output.WriteLine($"{asked} creates in an hour; {fleet.Told()}");
                world.Hetzner.Faults.Stop();
                world.Delete<Machine>("m0000");
                await sim.EachSecondAsync(
                    () => fleet.Ready() == 50,
                    TimeSpan.FromMinutes(2),
                    "all are ready soon after something was deleted"
                );

                Assert.InRange(asked, 5, 10);
            }
        );

    [Theory, Unit.Tests.Simulations.Seeds(2)]
    public void With_a_dead_token_a_delete_names_what_is_left_and_goes_on_with_a_new_one(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Start();
                var names = fleet.Add(3);
                await sim.EachSecondAsync(() => fleet.Ready() == 3, s_patience, "all are ready");
                var ids = world.All<Machine>().ToDictionary(machine => machine.Metadata.Name, machine => machine.Status.ServerId);
                world.Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);
                foreach (var name in names)
                    world.Delete<Machine>(name);

                await sim.AdvanceAsync(TimeSpan.FromSeconds(30));
                var told = world.All<Machine>();
                output.WriteLine(
                    string.Join("\n", told.SelectMany(m => m.Status.Conditions).Select(c => $"{c.Type} {c.Reason} {c.Message}"))
                );
                Renew(world);
                await sim.EachSecondAsync(() => fleet.Living() == 0, TimeSpan.FromMinutes(2), "all are gone");

                Assert.All(
                    told,
                    machine =>
                        Assert.Contains(
                            machine.Status.Conditions,
                            condition =>
                                condition.Message.Contains($"{ids[machine.Metadata.Name]}", StringComparison.Ordinal)
                                && condition.Reason == "DeletionBlocked"
                        )
                );
                Assert.Equal(3, told.Count);
                Assert.Empty(world.Hetzner.Servers());
            }
        );

    [Theory, Unit.Tests.Simulations.Seeds(2)]
    public void A_token_that_is_refused_at_the_create_is_tried_again_when_the_Secret_changes(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);
                world.Start();
                fleet.Add(5);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                var refused = fleet.Reasons();
                Renew(world);

                await sim.EachSecondAsync(() => fleet.Ready() == 5, TimeSpan.FromMinutes(2), "all are ready");

                output.WriteLine($"{string.Join(", ", refused)}; {fleet.Told()}");
                Assert.Contains("TokenRefused", refused.Keys);
            }
        );

    private static void Renew(VirtualWorld world)
    {
        var token = new string('n', 64);
        world.Hetzner.Know(new SimulatedToken(token, "default"));
        world.Create(A.Secret(A.TokenSecret, ("token", token)));
    }
}
