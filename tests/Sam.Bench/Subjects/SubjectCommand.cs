using System.Diagnostics;
using System.Text.Json;
using k8s;
using Sam.Bench.Kind;

namespace Sam.Bench.Subjects;

/// <summary>A subject as a process of its own: obeys lines on standard input, tells what it measured on standard output.</summary>
internal static class SubjectCommand
{
    public static async Task<int> RunAsync(string name, string kubeconfig, string home, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var live = GC.GetTotalMemory(forceFullCollection: true);
        var started = TimeProvider.System.GetTimestamp();
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        var (requests, runs) = (new CountingHandler(), new RunCount());
        using var client = new Kubernetes(configuration, requests);
        ISubject subject = name == "floor" ? new FloorLoop(client, home, runs) : new RuntimeSubject(client, home, runs);
        await using var ending = subject;
        Tell(Figures("begin", settle: false));
        await subject.StartAsync(cancellationToken);
        Tell(Figures("synced", settle: false));
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line.Split(' '))
            {
                case ["runs", var count]:
                    await runs.WaitAsync(long.Parse(count));
                    Tell(Figures("runs", settle: false));
                    break;
                case ["figures"]:
                    Tell(Figures("figures", settle: false));
                    break;
                case ["memory"]:
                    Tell(Figures("memory", settle: true));
                    break;
                case ["resync", var count]:
                    Tell(await ResyncAsync(long.Parse(count)));
                    break;
                default:
                    throw new InvalidOperationException($"unknown line {line}");
            }
        }

        return 0;

        SubjectReport Figures(string what, bool settle)
        {
            process.Refresh();
            var report = new SubjectReport
            {
                Event = what,
                Milliseconds = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds,
                CpuSeconds = (process.TotalProcessorTime - cpu).TotalSeconds,
                ResidentMiB = process.WorkingSet64 / 1048576.0,
                PeakMiB = process.PeakWorkingSet64 / 1048576.0,
                AllocatedBytes = GC.GetTotalAllocatedBytes(),
                Requests = requests.Read(),
            };
            return settle ? report with { LiveBytes = GC.GetTotalMemory(forceFullCollection: true) - live } : report;
        }

        async Task<SubjectReport> ResyncAsync(long count)
        {
            var (from, allocated, at) = (
                runs.Read(),
                GC.GetTotalAllocatedBytes(precise: true),
                TimeProvider.System.GetTimestamp()
            );
            if (subject.Resync())
                await runs.WaitAsync(from + count);
            return Figures("resynced", settle: false) with
            {
                Milliseconds = TimeProvider.System.GetElapsedTime(at).TotalMilliseconds,
                AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - allocated,
            };
        }
    }

    private static void Tell(SubjectReport report) => Console.Out.WriteLine(JsonSerializer.Serialize(report));
}
