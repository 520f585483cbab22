using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.Machines.Sweep;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Servers whose Machines are lost, as after a restore from an old backup: the sweep gives them back, a few at a time, and none that may hold data.</summary>
public sealed class OrphanSweepTests
{
    private const int Count = 7;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_sweep = new SweepOptions().Period + TimeSpan.FromMinutes(1);

    [Theory, Seeds(2)]
    public void Orphans_go_after_an_hour_five_in_a_sweep(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await OrphansAsync(sim, MachineRole.Workspace);
                world.Start(setup => setup.Replace = Deleting);

                await sim.AdvanceAsync(TimeSpan.FromMinutes(40));
                var young = world.Hetzner.Servers().Count;
                await sim.UntilAsync(() => world.Hetzner.Servers().Count < Count, TimeSpan.FromHours(1), "a sweep");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                var afterOne = world.Hetzner.Servers().Count;
                await sim.AdvanceAsync(s_sweep);

                Assert.Equal((Count, Count - new SweepOptions().MaxDeletes), (young, afterOne));
                Assert.Empty(world.Hetzner.Servers());
            }
        );

    [Theory, Seeds(2)]
    public void What_may_hold_data_and_all_in_a_dry_run_is_told_of_and_kept(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var deployment = await OrphansAsync(sim, MachineRole.Deployment);
                using var dry = await OrphansAsync(sim, MachineRole.Workspace);
                deployment.Start(setup => setup.Replace = Deleting);
                dry.Start();

                await sim.AdvanceAsync(TimeSpan.FromHours(3));

                Assert.All([deployment, dry], world => Assert.Equal(Count, world.Hetzner.Servers().Count));
                Assert.All([deployment, dry], world => Assert.Contains(Told(world), reason => reason == "OrphanKept"));
            }
        );

    [Theory, Seeds(2)]
    public void A_sweep_that_cannot_read_the_owners_deletes_nothing(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = await OrphansAsync(sim, MachineRole.Workspace);
                world.KubernetesFault = request =>
                    request is { IsWatch: false }
                    && request.Path.StartsWith("/apis/sam.dev/v1alpha1/machines", StringComparison.Ordinal)
                        ? Testing.MemoryApi.MemoryCluster.Refuse(403, "Forbidden")
                        : null;
                world.Start(setup => setup.Replace = Deleting);

                await sim.AdvanceAsync(TimeSpan.FromHours(3));

                Assert.Equal(Count, world.Hetzner.Servers().Count);
            }
        );

    /// <summary>Machines that got their servers and were lost without anybody hearing of it.</summary>
    private static async Task<VirtualWorld> OrphansAsync(Simulation sim, MachineRole role)
    {
        var world = new VirtualWorld(sim);
        world.Create(A.Project());
        for (var i = 0; i < Count; i++)
            world.Create(Machine($"m{i}", role));
        var first = world.Start();
        await sim.UntilAsync(() => world.Hetzner.Servers().Count == Count, s_patience, "servers");
        await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
        first.Kill();
        for (var i = 0; i < Count; i++)
            world.Lose<Machine>($"m{i}");
        return world;
    }

    private static void Deleting(IServiceCollection services) => services.AddSingleton(new SweepOptions { DryRun = false });

    private static IEnumerable<string?> Told(VirtualWorld world) =>
        world.All<Eventsv1Event>(VirtualWorld.System).Select(told => told.Reason);

    private static Machine Machine(string name, MachineRole role) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new MachineSpec
            {
                MachineId = $"{name}00000000000000",
                Role = role,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
            },
        };
}
