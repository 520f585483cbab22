using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;
using static Sam.Unit.Tests.Worlds.VolumeHooksTests;

namespace Sam.Unit.Tests.Worlds;

/// <summary>The operator dies at any effect of a hook: the command runs once, and its true end is told.</summary>
public sealed class VolumeHookCrashTests
{
    [Theory, Seeds(24)]
    public void Killed_at_any_point_of_a_hook_its_command_runs_once(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var hooks = new Hooks(world);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(A.Secret("store", ("KEY", "s3cr3t-of-the-store")));
                world.Create(App());
                var first = Start(world);
                await sim.EachSecondAsync(() => Condition(world, "Ready")?.Status == "True", Story.Patience, "it is served");
                hooks.Takes = TimeSpan.FromSeconds(sim.Random.Next(0, 40));
                var strike = sim.Random.Next(2) == 0 ? Strike.Before : Strike.After;
                world.Gate.Arm(sim.Random.Next(8), strike, first.Kill);
                var action = seed % 2 == 0 ? "backup" : "restore";

                Edit(world, spec => spec[$"{action}RequestedAt"] = "2026-05-01T12:00:00Z");
                for (var second = 0; second < 600 && !first.IsDead && !Ended(world, action); second++)
                    await sim.AdvanceAsync(TimeSpan.FromSeconds(1));
                world.Gate.Disarm();
                if (first.IsDead)
                {
                    await sim.AdvanceAsync(TimeSpan.FromSeconds(sim.Random.Next(0, 60)));
                    Start(world);
                }

                await sim.EachSecondAsync(() => Ended(world, action), Story.Patience, "its end is told");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));

                Assert.Equal([action], hooks.Ran);
                var volume = Volume(world)!;
                Assert.Equal(HookResult.Succeeded, action == "backup" ? volume.LastBackupResult : volume.LastRestoreResult);
                Assert.Null(Shop(world).Status.Hook);
            }
        );

    private static bool Ended(VirtualWorld world, string action) =>
        Volume(world) is { } volume && (action == "backup" ? volume.LastBackupResult : volume.LastRestoreResult) is not null;

    private static SimulatedOperator Start(VirtualWorld world) =>
        world.Start(setup =>
            setup.Replace = services => services.AddSingleton<IMachineLinks>(new GatedEngines(world.Engines, world.Gate))
        );
}
