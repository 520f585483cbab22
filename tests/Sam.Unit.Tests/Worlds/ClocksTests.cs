using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Every wait of a Machine has a clock of its own, a reason, and a next try: the step <c>BuyServer</c>.</summary>
public sealed class ClocksTests
{
    [Theory, Seeds(2)]
    public void Waiting_for_capacity_has_no_end_is_told_since_when_and_survives_a_restart(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity));
                world.Create(A.Project());
                world.Create(A.Node());
                var first = world.Start();
                await sim.UntilAsync(
                    () => world.MachineOf()?.Status.WaitingForCapacitySince is not null,
                    Story.Patience,
                    "it waits for capacity"
                );
                var since = world.MachineOf()!.Status.WaitingForCapacitySince;
                first.Kill();
                world.Start();

                await sim.AdvanceAsync(TimeSpan.FromHours(3));

                Assert.Equal(since, world.MachineOf()!.Status.WaitingForCapacitySince);
                Assert.Equal(Provisioned.NoCapacity.Name, world.ReasonOf("Provisioned"));
                Assert.Contains("asked again at", world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.DoesNotContain(world.MachineOf()!.Status.Conditions, condition => condition.Type == "Stalled");
                // 60 s doubling to 15 min, two offers: about 15 tries each in three hours and a restart.
                Assert.InRange(world.Calls("POST /servers "), 10, 60);

                world.Hetzner.Faults.Stop();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                Assert.Null(world.MachineOf()!.Status.WaitingForCapacitySince);
            }
        );

    [Fact]
    public void A_server_without_an_address_is_stalled_after_a_quarter_of_an_hour_and_goes_on_when_it_has_one() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Hetzner.Faults.Play(new HetznerFault(HetznerFaults.AddressLate) { Delay = TimeSpan.FromMinutes(40) });
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start();

                await sim.AdvanceAsync(TimeSpan.FromMinutes(14));
                Assert.Equal(Provisioned.ServerCreating.Name, world.ReasonOf("Provisioned"));
                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.CreateTimedOut.Name,
                    TimeSpan.FromMinutes(3),
                    "the deadline is told"
                );

                world.Hetzner.Faults.Stop();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
            }
        );

    [Fact]
    public void An_order_that_cannot_be_built_is_sent_now_and_then_and_at_once_when_the_spec_changes() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Cloud = new CloudSpec { Image = "debian-11" }));
                world.Start();

                await sim.AdvanceAsync(TimeSpan.FromHours(1));

                Assert.Equal(Provisioned.RequestRejected.Name, world.ReasonOf("Provisioned"));
                Assert.Contains("image", world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.InRange(world.Calls("POST /servers "), 5, 15);

                world.Cluster.Change(
                    "/apis/sam.dev/v1alpha1/namespaces/demo/deploymentnodes/edge",
                    node =>
                    {
                        node["spec"]!["cloud"]!["image"] = "debian-12";
                        node["metadata"]!["generation"] = node["metadata"]!["generation"]!.GetValue<long>() + 1;
                    }
                );
                await sim.UntilAsync(() => world.IsReady(), TimeSpan.FromMinutes(1), "the node is ready soon");
                Assert.Null(world.MachineOf()!.Status.Rejection);
            }
        );

    [Theory]
    [InlineData("cx33", MachineArchitecture.Arm, "cx33 is X86, and architecture Arm is asked for")]
    [InlineData("cax11", MachineArchitecture.X86, "cax11 is Arm, and architecture X86 is asked for")]
    public void A_server_type_of_another_architecture_is_not_bought(string type, MachineArchitecture wanted, string told) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Cloud = new CloudSpec { ServerType = type, Architecture = wanted }));
                world.Start();

                await sim.UntilAsync(
                    () => world.ReasonOf("Provisioned") == Provisioned.NoOffer.Name,
                    Story.Patience,
                    "it is told that no offer fits"
                );

                Assert.Contains(told, world.MessageOf("Provisioned"), StringComparison.Ordinal);
                Assert.Empty(world.Hetzner.Servers());
            }
        );

    [Fact]
    public void A_size_means_a_type_of_the_architecture_that_is_asked_for() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Cloud = new CloudSpec { Architecture = MachineArchitecture.Arm }));
                world.Start();

                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");

                Assert.Equal("cax11", world.MachineOf()!.Status.ServerType);
            }
        );

    [Theory]
    [InlineData("of nobody")]
    [InlineData("of another Machine")]
    public void A_Machine_that_is_to_take_a_server_over_takes_only_its_own(string whose) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Start();
                await sim.UntilAsync(() => world.IsReady(), Story.Patience, "the node is ready");
                var other = Assert.Single(world.Hetzner.Servers()).Id;

                world.Create(
                    new Machine
                    {
                        Metadata = new V1ObjectMeta { Name = "taker" },
                        Spec = new MachineSpec
                        {
                            MachineId = "takertakertaker0",
                            Role = MachineRole.Deployment,
                            ProjectRef = new LocalReference { Name = "acme" },
                            Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
                            AdoptServerId = whose == "of nobody" ? 4711 : other,
                        },
                    }
                );
                await sim.UntilAsync(() => Reason(world) == Provisioned.AdoptionRefused.Name, Story.Patience, "it is refused");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.Equal(Provisioned.AdoptionRefused.Name, Reason(world));
                Assert.Equal(1, Assert.Single(world.Hetzner.EverMade("server")).Value);
            }
        );

    [Fact]
    public void Orders_after_a_refusal_wait_for_their_turn_and_say_so() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var fleet = new Fleet(world);
                world.Hetzner.Faults.Play(
                    new HetznerFault(HetznerFaults.Slow)
                    {
                        Path = "/servers",
                        Method = "POST",
                        Delay = TimeSpan.FromSeconds(5),
                    }
                );
                world.Start();
                fleet.Add(3);

                await sim.UntilAsync(
                    () => fleet.Reasons().ContainsKey(Provisioned.OrderQueued.Name),
                    Story.Patience,
                    "an order waits for its turn"
                );

                await sim.UntilAsync(() => fleet.Ready() == 3, Story.Patience, "all are ready");
            }
        );

    private static string? Reason(VirtualWorld world) =>
        world.Find<Machine>("taker")?.Status.Conditions.FirstOrDefault(condition => condition.Type == "Provisioned")?.Reason;
}
