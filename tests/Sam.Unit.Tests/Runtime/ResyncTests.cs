using System.Diagnostics;
using System.Text.Json.Nodes;
using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Runtime;

[Collection(nameof(EnduranceTests))]
public sealed class ResyncTests(ITestOutputHelper output)
{
    private const int Count = 10_000;

    [Fact]
    public void Ten_thousand_objects_are_looked_at_again_without_a_write() => Simulation.Run(1, ResyncAsync);

    private async Task ResyncAsync(Simulation sim)
    {
        var world = new ThingWorld(sim, ["a"]);
        world.Controller.BuildTime = TimeSpan.Zero;
        world.Create();
        await world.Host.StartAsync(CancellationToken.None);
        await sim.UntilAsync(() => world.Wrongs().Count == 0, TimeSpan.FromMinutes(1), "a first Thing, to be copied");
        await world.Host.StopAsync(CancellationToken.None);
        Populate(world);

        var empty = Memory();
        world = world.Restart();
        await world.Host.StartAsync(CancellationToken.None);
        await sim.UntilAsync(() => world.Controller.Runs == Count, TimeSpan.FromMinutes(5), "the first look at everything");
        var perObject = (Memory() - empty) / Count;
        var (startedAt, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));

        await sim.UntilAsync(() => world.Controller.Runs == 2 * Count, TimeSpan.FromMinutes(11), "a second look");

        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / Count;
        output.WriteLine(
            $"{Count} objects: no-op resync in {Stopwatch.GetElapsedTime(startedAt)}, {bytes} bytes allocated an object"
        );
        output.WriteLine($"{perObject} bytes kept an object");
        Assert.Equal(0, world.Writes);
        Assert.InRange(bytes, 1, 200_000);
    }

    private static void Populate(ThingWorld world)
    {
        var first = world.Cluster.Find(Thing.Path("t00000"))!;
        for (var i = 1; i < Count; i++)
        {
            var copy = (JsonObject)first.DeepClone();
            copy["metadata"]!["name"] = $"t{i:00000}";
            copy["metadata"]!.AsObject().Remove("uid");
            world.Cluster.Put(Thing.Path($"t{i:00000}"), copy.ToJsonString());
        }
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
