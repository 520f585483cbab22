using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sam.Bench.Cluster;

/// <summary>The phases, each beside what one client alone gets of the same cluster on the same machine.</summary>
internal sealed class ClusterBench(MeasuredCluster cluster, BenchSize size)
{
    private const int Alone = 1000;
    private const int Paced = 1000;
    private const int Warm = 300;

    private readonly List<string> _rows = [];

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var empty = cluster.ResidentMiB;
        using var client = cluster.Connect();
        for (var index = 0; index < Warm; index++)
            await CreateAsync(client, $"warm-{index}", cancellationToken);
        var times = new List<double>();
        var started = Stopwatch.GetTimestamp();
        for (var index = 0; index < Alone; index++)
        {
            var begun = Stopwatch.GetTimestamp();
            await CreateAsync(client, $"alone-{index}", cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        var alone = Alone / Stopwatch.GetElapsedTime(started).TotalSeconds;
        times.Sort();
        var trip = At(times, 0.5);
        Row("create, one client, no watcher", $"{alone:0}/s", "1");
        Row("its round trip, p50 / p99", $"{trip:0.00} / {At(times, 0.99):0.00} ms", $"1 / {At(times, 0.99) / trip:0.0}");

        await using var fleet = await WatcherFleet.StartAsync(cluster, size.Watchers, cancellationToken);
        await FlatOutAsync(fleet, alone, trip, cancellationToken);
        await PacedAsync(fleet, client, trip, cancellationToken);
        await ListsAsync(client, trip, cancellationToken);
        var resident = cluster.ResidentMiB;
        Row("resident memory, empty", $"{empty:0} MiB", "1");
        Row("resident memory, full, watched and after all of this", $"{resident:0} MiB", $"{resident / empty:0.0}");
        return Report();
    }

    private async Task FlatOutAsync(WatcherFleet fleet, double alone, double trip, CancellationToken cancellationToken)
    {
        var next = -1;
        var processor = cluster.Processor;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, size.Writers)
                .Select(async _ =>
                {
                    using var writer = cluster.Connect();
                    while (Interlocked.Increment(ref next) is var index && index < size.Objects)
                        await CreateAsync(writer, $"o{index:000000}", cancellationToken);
                })
        );
        var rate = size.Objects / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var latencies = await fleet.TakeAsync(size.Objects, cancellationToken);
        var used = (cluster.Processor - processor).TotalSeconds / size.Objects * 1000;
        Row($"create, {size.Writers} clients, {size.Watchers} watchers", $"{rate:0}/s", $"{rate / alone:0.00}");
        Row(
            $"  changes delivered to the {size.Watchers} watchers",
            $"{rate * size.Watchers:0}/s",
            $"{rate * size.Watchers / alone:0.0}"
        );
        Row("  processor of the cluster for each create", $"{used:0.00} ms", $"{used / trip:0.0} round trips");
        Latency("  watch latency flat out", latencies, trip);
    }

    // One write for each two round trips: what a watcher waits for when nothing is saturated.
    private async Task PacedAsync(WatcherFleet fleet, HttpClient client, double trip, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(10, 2 * trip)), TimeProvider.System);
        for (var index = 0; index < Paced; index++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            await MeasuredCluster.SendAsync(
                client,
                HttpMethod.Patch,
                $"{MeasuredCluster.Path}/o{index:000000}",
                $$$"""{"spec":{"sent":"{{{Stopwatch.GetTimestamp()}}}"}}""",
                cancellationToken,
                "application/merge-patch+json"
            );
        }
        Latency("watch latency of paced patches", await fleet.TakeAsync(Paced, cancellationToken), trip);
    }

    private async Task ListsAsync(HttpClient client, double trip, CancellationToken cancellationToken)
    {
        var total = size.Objects + Alone + Warm;
        (string What, string Query)[] lists =
        [
            ($"list of all {total} objects", ""),
            ("  its first page of 500", "?limit=500"),
            ("  one of them by field", "?fieldSelector=metadata.name%3Do000042"),
            ("  a tenth of them by label", "?labelSelector=tenth%3D3"),
        ];
        foreach (var (what, query) in lists)
        {
            var times = new List<double>();
            for (var run = 0; run < 11; run++)
            {
                var started = Stopwatch.GetTimestamp();
                await MeasuredCluster.SendAsync(client, HttpMethod.Get, MeasuredCluster.Path + query, null, cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            times.Sort();
            Row(what, $"{At(times, 0.5):0.0} ms", $"{At(times, 0.5) / trip:0.0} round trips");
        }
    }

    private static Task CreateAsync(HttpClient client, string name, CancellationToken cancellationToken) =>
        MeasuredCluster.SendAsync(
            client,
            HttpMethod.Post,
            MeasuredCluster.Path + "?fieldManager=bench",
            $$$"""
            {"apiVersion":"bench.dev/v1","kind":"Widget","metadata":{"name":"{{{name}}}","labels":{"app":"bench","tenth":"{{{name[
                ^1
            ]}}}"}},
            "spec":{"sent":"{{{Stopwatch.GetTimestamp()}}}","image":"registry.example/team/app:1.2.3",
            "ports":[{"name":"http","port":8080},{"name":"metrics","port":9090}],
            "env":{"A":"one","B":"two","C":"three","D":"four"} } }
            """,
            cancellationToken
        );

    private void Latency(string what, double[] sorted, double trip)
    {
        var (middle, high) = (At(sorted, 0.5), At(sorted, 0.99));
        Row(
            $"{what}, p50 / p99 / most",
            $"{middle:0.00} / {high:0.00} / {sorted[^1]:0.0} ms",
            $"{middle / trip:0.0} / {high / trip:0.0} / {sorted[^1] / trip:0.0} round trips"
        );
    }

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private void Row(string what, string figure, string ratio)
    {
        Console.Error.WriteLine($"{what}: {figure} ({ratio})");
        _rows.Add($"| {what.Trim()} | {figure} | {ratio} |");
    }

    private string Report() =>
        $"""
            # {cluster.Name}: speed and memory

            Written by `make bench-cluster`: {size.Objects} custom resources of about 1 KB, {size.Watchers} watchers and {size.Writers} writers, each
            with a TLS connection of its own, all in one process beside the cluster's on {Environment.ProcessorCount} cores ({RuntimeInformation.FrameworkDescription}).
            Milliseconds are this machine's and this hour's; the ratio to what one client alone gets is what to compare.

            | What | Figure | Ratio to one client alone |
            |---|---|---|
            {string.Join('\n', _rows)}

            """;
}
