using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Sam.Testing.Worlds;

namespace Sam.Bench.Crashes;

/// <summary>Lives many stories of crashes, and says which seeds ended badly.</summary>
internal static class CrashCommand
{
    private const int Shown = 10;

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "How many stories.", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the first one; the others follow.",
            DefaultValueFactory = _ => 1,
        };
        var bug = new Option<PlantedBug>("--bug") { Description = "A bug to plant: the command fails if it is not found." };
        var output = new Option<string?>("--out") { Description = "File to write the page to." };
        var command = new Command("crash-test", "Stops the operator between any two effects, in virtual time.")
        {
            runs,
            seed,
            bug,
            output,
        };
        command.SetAction(given => Run(given.GetValue(runs), given.GetValue(seed), given.GetValue(bug), given.GetValue(output)));
        return command;
    }

    private static int Run(int runs, int seed, PlantedBug bug, string? output)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var outcomes = new ConcurrentBag<CrashOutcome>();
        // One story at a time to each core: the default hands out ever larger ranges, and the last one is waited for alone.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(seed, runs), EnumerablePartitionerOptions.NoBuffering),
            story => outcomes.Add(CrashRun.Run(story, setup => setup.Plant(bug)))
        );
        var bad = outcomes.Where(outcome => outcome.Wrongs.Count > 0).OrderBy(outcome => outcome.Seed).ToList();
        foreach (var outcome in bad.Take(Shown))
            Console.WriteLine(
                $"SEED={outcome.Seed} RUNS=1: {string.Join("; ", outcome.Wrongs)} (faults: {string.Join(", ", outcome.Faults)}; struck: {string.Join(", ", outcome.Struck)})"
            );
        string Count(string what) =>
            $"{bad.Sum(outcome => outcome.Wrongs.Count(wrong => wrong.StartsWith(what, StringComparison.Ordinal)))} {what}";
        var summary =
            $"{runs} stories from seed {seed}: {outcomes.Sum(outcome => outcome.Crashes)} crashes at {outcomes.Sum(outcome => outcome.Effects)} effects, {outcomes.Sum(outcome => outcome.HandOvers)} hand-overs of the Lease; "
            + $"{Count("leaked")}, {Count("duplicated")}, {Count("stuck")}, {Count("lost")}";
        Console.WriteLine($"{summary}; {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:0} s");
        if (output is not null)
            File.WriteAllText(output, Page(summary, Stopwatch.GetElapsedTime(startedAt)));
        return bug == PlantedBug.None ? Math.Min(bad.Count, 1)
            : bad.Count > 0 ? 0
            : 1;
    }

    private static string Page(string summary, TimeSpan took) =>
        $"""
            # Crashes

            The real controllers over the provider's simulator in virtual time (`make crash-test RUNS= SEED=`): the operator dies, or is stopped until another one leads, before
            or after one of its effects (writes to Kubernetes included), up to four times a story, while users make and delete nodes and both systems fail. Then the faults end, and servers,
            Machines and kept credentials are counted from outside. A seed replays its story exactly: `make crash-test RUNS=1 SEED=17`.

            {summary}; {took.TotalSeconds:0} s on 2 cores.

            """;
}
