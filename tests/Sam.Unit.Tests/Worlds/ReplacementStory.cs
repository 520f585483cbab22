using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Resources;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>A node that is asked to become another VM, as tests of it tell it.</summary>
internal static class ReplacementStory
{
    public static readonly string NodePath = $"{ResourceKind.Of<DeploymentNode>().CollectionPath(VirtualWorld.Home)}/edge";

    public static void Ask(VirtualWorld world, string type) => AskFor(world, new JsonObject { ["serverType"] = type });

    public static void AskFor(VirtualWorld world, JsonObject cloud) =>
        world.Cluster.Change(
            NodePath,
            node =>
            {
                node["spec"]!["cloud"] = cloud;
                node["metadata"]!["generation"] = (node["metadata"]!["generation"]?.GetValue<long>() ?? 1) + 1;
            }
        );

    public static DeploymentNodeStatus Node(VirtualWorld world) => world.Find<DeploymentNode>("edge")!.Status;

    public static ReplacementPhase? Phase(VirtualWorld world) => Node(world).Replacement?.Phase;

    public static string? Reason(VirtualWorld world) =>
        Node(world).Conditions.FirstOrDefault(held => held.Type == "MachineCurrent")?.Reason;

    public static bool IsAppReady(VirtualWorld world) =>
        world.Find<ComposeApp>("shop")?.Status.Conditions.Any(held => held is { Type: "Ready", Status: "True" }) == true;

    /// <summary>Kills the operator again and again at moments of the seed's choice, and starts another one; until the VM is replaced.</summary>
    public static async Task ReplacedThroughDeathsAsync(
        Simulation sim,
        VirtualWorld world,
        int deaths,
        SimulatedOperator first,
        Func<SimulatedOperator> start
    )
    {
        var now = first;
        for (var death = 0; death < deaths; death++)
        {
            var victim = now;
            world.Gate.Arm(sim.Random.Next(30), sim.Random.Next(2) == 0 ? Strike.Before : Strike.After, victim.Kill);
            await sim.EachSecondAsync(
                () => victim.IsDead || Node(world).LastReplacement is not null,
                Story.Patience,
                "it dies, or is done"
            );
            if (!victim.IsDead)
                break;
            now = start();
        }

        world.Gate.Disarm();
        await sim.EachSecondAsync(() => Node(world).LastReplacement is not null, Story.Patience, "it is replaced");
    }

    /// <summary>Deletes the app and its node, and waits until both are gone.</summary>
    public static async Task DeleteAsync(Simulation sim, VirtualWorld world)
    {
        world.Delete<ComposeApp>("shop");
        world.Delete<DeploymentNode>("edge");
        await sim.EachSecondAsync(() => world.Find<DeploymentNode>("edge") is null, Story.Patience, "the node is gone");
    }
}
