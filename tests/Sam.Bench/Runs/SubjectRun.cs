using k8s.Models;
using Sam.Bench.Kind;
using Sam.Bench.Subjects;
using Sam.Bench.Targets;

namespace Sam.Bench.Runs;

/// <summary>One run: objects, a subject that converges them, single updates, a restart with nothing to do, a resync.</summary>
internal sealed class SubjectRun(string? kubeconfig, string subject, int objects, int updates)
{
    private static readonly string[] s_writes = ["PATCH", "APPLY", "PUT", "POST", "DELETE"];

    private readonly string _home = $"bench-{Guid.NewGuid().ToString("N")[..8]}";

    public async Task<RunFigures> RunAsync(CancellationToken cancellationToken)
    {
        await using var target = await BenchTarget.StartAsync(kubeconfig, cancellationToken);
        await MakeAsync(target, cancellationToken);
        await using var observer = new WidgetObserver(target, _home);
        await observer.SyncedAsync(cancellationToken);
        var (before, cpu) = (await target.CountsAsync(cancellationToken), target.ServerUsage?.CpuSeconds);
        await using var first = await SubjectProcess.StartAsync(subject, target, _home, cancellationToken);
        var begun = TimeProvider.System.GetTimestamp();
        var done = await observer.ConvergedAsync(objects).WaitAsync(cancellationToken);
        var figures = await first.AskAsync("figures", "figures", cancellationToken);
        var counts = ServerCounts.Between(before, await target.CountsAsync(cancellationToken));
        var serverCpu = target.ServerUsage?.CpuSeconds - cpu ?? 0;
        var latencies = await UpdateAsync(target, observer, cancellationToken);
        await first.FinishAsync(cancellationToken);
        var restart = await RestartAsync(target, cancellationToken);
        return restart with
        {
            ConvergeSeconds = TimeProvider.System.GetElapsedTime(begun, done).TotalSeconds,
            Converged = figures,
            ServerCounts = counts,
            ServerCpuSeconds = serverCpu,
            UpdateMilliseconds = latencies,
        };
    }

    private async Task MakeAsync(BenchTarget target, CancellationToken cancellationToken)
    {
        await target
            .Client<V1Namespace>()
            .CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = _home } }, cancellationToken);
        var client = target.Client<Widget>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            objects,
            parallel,
            async (at, cancel) =>
                await client.CreateAsync(
                    new Widget
                    {
                        Metadata = new V1ObjectMeta { Name = $"w-{at}", NamespaceProperty = _home },
                        Spec = new WidgetSpec { Value = 1 },
                    },
                    cancel
                )
        );
    }

    private async Task<double[]> UpdateAsync(BenchTarget target, WidgetObserver observer, CancellationToken cancellationToken)
    {
        var client = target.Client<Widget>();
        var found = new double[updates];
        for (var at = 0; at < updates; at++)
        {
            var name = $"w-{at % objects}";
            var shows = observer.ShowsAsync(name, at + 100);
            var sent = TimeProvider.System.GetTimestamp();
            await client.MergePatchAsync(_home, name, $$$"""{"spec":{"value":{{{at + 100}}}}}""", null, cancellationToken);
            found[at] = TimeProvider.System.GetElapsedTime(sent, await shows.WaitAsync(cancellationToken)).TotalMilliseconds;
        }

        return found;
    }

    private async Task<RunFigures> RestartAsync(BenchTarget target, CancellationToken cancellationToken)
    {
        var before = await target.CountsAsync(cancellationToken);
        await using var second = await SubjectProcess.StartAsync(subject, target, _home, cancellationToken);
        var synced = await second.HearAsync("synced", cancellationToken);
        var settled = await second.AskAsync($"runs {objects}", "runs", cancellationToken);
        var memory = await second.AskAsync("memory", "memory", cancellationToken);
        SubjectReport? resync =
            subject == "floor" ? null : await second.AskAsync($"resync {objects}", "resynced", cancellationToken);
        var counts = ServerCounts.Between(before, await target.CountsAsync(cancellationToken));
        await second.FinishAsync(cancellationToken);
        return new RunFigures
        {
            Subject = subject,
            Objects = objects,
            ConvergeSeconds = 0,
            Converged = memory,
            ServerCounts = counts,
            ServerCpuSeconds = 0,
            UpdateMilliseconds = [],
            RestartSynced = synced,
            RestartSettled = settled,
            RestartWrites = s_writes.Sum(counts.GetValueOrDefault),
            Memory = memory,
            Resync = resync,
        };
    }
}
