using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Bench.Crashes;

/// <summary>Lives many stories of a release whose operator dies, and says which seeds ended badly.</summary>
internal static class ReleaseCommand
{
    private const int Shown = 10;

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "How many stories.", DefaultValueFactory = _ => 400 };
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the first one; the others follow.",
            DefaultValueFactory = _ => 1,
        };
        var output = new Option<string?>("--out") { Description = "File to write the page to." };
        var command = new Command("crash-deploy", "Kills the operator at points of a release, in virtual time.")
        {
            runs,
            seed,
            output,
        };
        command.SetAction(given => Run(given.GetValue(runs), given.GetValue(seed), given.GetValue(output)));
        return command;
    }

    private static int Run(int runs, int seed, string? output)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var lived = new ConcurrentBag<(int Seed, ReleaseRun Run)>();
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(seed, runs), EnumerablePartitionerOptions.NoBuffering),
            story => Simulation.Run(story, async sim => lived.Add((story, await ReleaseRun.LiveAsync(sim))))
        );
        var bad = lived.Where(story => story.Run.Wrong.Count > 0).OrderBy(story => story.Seed).ToList();
        foreach (var (at, run) in bad.Take(Shown))
            Console.WriteLine($"SEED={at} RUNS=1: {string.Join("; ", run.Wrong.Distinct())} ({run.Story})");
        var summary =
            $"{runs} releases from seed {seed}: {lived.Sum(story => story.Run.Deaths)} deaths at {lived.Sum(story => story.Run.Effects)} effects; {bad.Count} wrong; {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:0} s";
        Console.WriteLine(summary);
        if (output is not null)
            File.WriteAllText(output, Page(summary));
        return Math.Min(bad.Count, 1);
    }

    private static string Page(string summary) =>
        $"""
            # Crashes of a release

            The real controllers over an engine in memory (`make crash-deploy RUNS= SEED=`): an app with a routed stateless service of two networks and a secret, a migration, a service with
            a volume and replicas gets a second release, good or bad. The operator is killed before or after one of its effects on the engine or on Kubernetes, up to three times. At every effect
            there must be a healthy container behind the routed name and at most one writer of the volume; at the end exactly one release, the right one, whole, and nothing of the other.

            {summary} on 2 cores.

            """;
}
