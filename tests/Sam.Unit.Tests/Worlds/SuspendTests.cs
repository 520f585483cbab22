using System.Text.Json.Nodes;
using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>`suspend` takes an app down and forgets nothing.</summary>
public sealed class SuspendTests
{
    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Fact]
    public void A_suspended_app_has_no_container_and_no_route_and_comes_back_as_the_same_release() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(
                    A.App()
                        .With(app =>
                            app.Spec.Compose = A.Compose(
                                "registry.test/shop:1",
                                "    volumes: [\"data:/data\"]\nvolumes: {data: }"
                            )
                        )
                );
                world.Start();
                await sim.EachSecondAsync(() => Is(world, "Ready", "True"), Story.Patience, "it is served");

                Suspend(world, true);
                await sim.EachSecondAsync(
                    () => Shop(world).Status.ApplyState == ApplyState.Suspended,
                    Story.Patience,
                    "it is suspended"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));

                var engine = world.Engines.Engine(world.MachineOf()!.Spec.MachineId);
                Assert.Empty(Containers(engine.Containers));
                Assert.Single(engine.Volumes, volume => volume.EndsWith("_data", StringComparison.Ordinal));
                Assert.Empty(Shop(world).Status.Routes);
                Assert.True(Is(world, "Ready", "False", ComposeAppConditions.Applied.Suspended.Name));
                Assert.False(Is(world, "Stalled", "True"));

                Suspend(world, false);
                await sim.EachSecondAsync(() => Is(world, "Ready", "True"), Story.Patience, "it is served again");

                Assert.Equal(
                    (1, 1, ApplyState.Applied),
                    (Shop(world).Status.AppliedRelease, Shop(world).Status.Releases.Count, Shop(world).Status.ApplyState)
                );
                Assert.Single(Containers(engine.Containers));
            }
        );

    private static IEnumerable<EngineContainer> Containers(IEnumerable<EngineContainer> all) =>
        all.Where(container => container.Labels.GetValueOrDefault(EngineNames.KindLabel) == EngineNames.Kind);

    private static ComposeApp Shop(VirtualWorld world) => world.Find<ComposeApp>("shop")!;

    private static bool Is(VirtualWorld world, string type, string status, string? reason = null) =>
        Shop(world)
            .Status.Conditions.Any(found =>
                found.Type == type && found.Status == status && found.Reason == (reason ?? found.Reason)
            );

    private static void Suspend(VirtualWorld world, bool value) =>
        world.Cluster.Change(
            s_path,
            app =>
            {
                app["spec"]!["suspend"] = JsonValue.Create(value);
                app["metadata"]!["generation"] = (app["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );
}
