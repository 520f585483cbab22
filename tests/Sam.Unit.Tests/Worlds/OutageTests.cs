using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Half an hour without the provider and without the Kubernetes API, with Machines in every phase of their lives: five minutes later nothing is stuck.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_outage = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_after = TimeSpan.FromMinutes(5);

    [Theory, Unit.Tests.Simulations.Seeds(2)]
    public void A_hundred_Machines_in_all_phases_converge_within_five_minutes(int seed) => Survive(seed, 100);

    [Fact(Explicit = true)]
    public void A_thousand_Machines_do_so_too() => Survive(1, 1_000);

    private void Survive(int seed, int machines) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                // What cannot be had in the outage's first moments is waited for in it.
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity) { ServerType = "cx43" });
                world.Start(setup => setup.PingInterval = TimeSpan.FromMinutes(1));
                var old = fleet.Add(machines * 6 / 10);
                await sim.EachSecondAsync(() => fleet.Ready() == old.Count, TimeSpan.FromHours(2), "the first are ready");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));

                var waiting = fleet.Add(machines / 10, Large);
                await sim.AdvanceAsync(TimeSpan.FromSeconds(20));
                var leaving = old.Take(machines / 10).ToList();
                leaving.ForEach(world.Delete<Machine>);
                var young = fleet.Add(machines * 3 / 10);
                // In the middle of buying and deleting.
                await sim.AdvanceAsync(TimeSpan.FromMilliseconds(600));
                var before = fleet.Calls();
                output.WriteLine($"at the outage: {Phases(world)}");
                world.IsProviderCut = true;
                world.Faults.BeginOutage();

                await sim.AdvanceAsync(s_outage);
                var during = fleet.Calls() - before;
                world.Hetzner.Faults.Stop();
                world.Faults.EndOutage();
                world.IsProviderCut = false;
                await sim.AdvanceAsync(s_after);

                output.WriteLine(
                    $"{during} calls arrived in it, {fleet.Calls() - before - during} after it; {Phases(world)}; {fleet.Told()}"
                );
                var wanted = old.Count - leaving.Count + young.Count;
                Assert.Equal((wanted + waiting.Count, wanted + waiting.Count), (fleet.Ready(), fleet.Living()));
                Assert.Equal(wanted + waiting.Count, world.Hetzner.Servers().Count);
                Assert.All(world.Hetzner.EverMade("server").Values, made => Assert.Equal(1, made));
                Assert.Equal(0, fleet.Calls(end: " 429"));
            }
        );

    private static void Large(Machine machine) =>
        machine.Spec.Offers = [new MachineOffer { ServerType = "cx43", Location = "fsn1" }];

    private static string Phases(VirtualWorld world) =>
        string.Join(
            ", ",
            world.All<Machine>().GroupBy(machine => machine.Status.Phase).Select(group => $"{group.Count()} {group.Key}")
        );
}
