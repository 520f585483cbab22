using System.Diagnostics;
using Sam.Testing.MemoryApi;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Measures the memory of the process, so nothing else runs beside it.</summary>
[CollectionDefinition(nameof(EnduranceTests), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(EnduranceTests))]
public sealed class EnduranceTests(ITestOutputHelper output)
{
    private static readonly string[] s_namespaces = ["a", "b", "c", "d", "e", "f"];

    [Theory, Seeds(1)]
    public void A_day_of_broken_watches_refused_writes_and_an_outage_leaves_every_object_right(int seed)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var figures = new List<string>();

        var trace = Simulation.Run(seed, sim => LiveADayAsync(sim, figures));

        figures.Add($"virtual time {trace.Elapsed}, {trace.Steps} pieces of work, {Stopwatch.GetElapsedTime(startedAt)} real");
        figures.ForEach(output.WriteLine);
    }

    private static async Task LiveADayAsync(Simulation sim, List<string> figures)
    {
        var world = new ThingWorld(sim, s_namespaces);
        var faults = new MemoryFaults(world.Cluster, sim.Random, writesRefused: 0.05);
        world.Cluster.Latency = () => TimeSpan.FromMilliseconds(sim.Random.Next(1, 50));
        using var bookmarks = sim.Clock.CreateTimer(
            _ => world.Cluster.SendBookmarks(),
            null,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(1)
        );
        for (var i = 0; i < 150; i++)
            world.Create();
        await world.Host.StartAsync(CancellationToken.None);
        var plan = new FaultPlan(sim, world, faults);

        await plan.LiveUntilAsync(TimeSpan.FromHours(1));
        var before = Measure(world);
        await plan.LiveUntilAsync(TimeSpan.FromHours(24));
        await sim.AdvanceAsync(TimeSpan.FromMinutes(20));
        var growth = Measure(world) - before;

        figures.AddRange(faults.Counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}"));
        figures.Add($"{world.Created} created, {world.Changed} changed, {world.Deleted} deleted by users");
        figures.Add($"{world.Controller.Runs} runs, {world.Writes} writes done of {world.WritesNeeded} needed at most");
        figures.Add($"memory grew by {growth / 1024} KiB between hour 1 and hour 24");
        Assert.Empty(world.Wrongs());
        Assert.InRange(world.Writes, 1, world.WritesNeeded);
        Assert.Equal(
            (1000, 50, 200),
            (faults.Counts["watches dropped"], faults.Counts["watches silenced"], faults.Counts["watches expired"])
        );
        Assert.InRange(growth, long.MinValue, 5 * 1024 * 1024);
        await world.Host.StopAsync(CancellationToken.None);
    }

    private static long Measure(ThingWorld world)
    {
        world.ExpireEvents();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
