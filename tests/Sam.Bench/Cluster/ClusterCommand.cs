using System.CommandLine;

namespace Sam.Bench.Cluster;

/// <summary><c>cluster</c>: the dev cluster with many objects and watchers.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "Sam.DevCluster.dll to measure.", Required = true };
        var objects = new Option<int>("--objects") { Description = "How many objects.", DefaultValueFactory = _ => 10_000 };
        var watchers = new Option<int>("--watchers") { Description = "How many watchers.", DefaultValueFactory = _ => 50 };
        var writers = new Option<int>("--writers") { Description = "How many clients that write.", DefaultValueFactory = _ => 8 };
        var output = new Option<string?>("--output") { Description = "Markdown file for the figures." };
        var command = new Command("cluster", "Create rate, list time, watch latency and memory of the dev cluster.")
        {
            server,
            objects,
            watchers,
            writers,
            output,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await MeasuredCluster.StartAsync(parsed.GetValue(server)!, cancellationToken);
                var size = new BenchSize(parsed.GetValue(objects), parsed.GetValue(watchers), parsed.GetValue(writers));
                var report = await new ClusterBench(cluster, size).RunAsync(cancellationToken);
                Console.Write(report);
                if (parsed.GetValue(output) is { } path)
                    await File.WriteAllTextAsync(path, report, cancellationToken);
                return 0;
            }
        );
        return command;
    }
}

/// <summary>How large the measured case is.</summary>
internal sealed record BenchSize(int Objects, int Watchers, int Writers);
