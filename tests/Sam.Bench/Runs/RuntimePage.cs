using System.Globalization;
using System.Text;
using Sam.Bench.Subjects;

namespace Sam.Bench.Runs;

/// <summary>docs/bench/runtime.md: ratios first, then what they come from.</summary>
internal sealed class RuntimePage(IReadOnlyList<RunFigures> runs, int rounds, int updates, IReadOnlyList<string> loads)
{
    private static readonly (string Name, Func<RunFigures, double> Read)[] s_rows =
    [
        ("time to converge, s", run => run.ConvergeSeconds),
        ("writes per second", run => run.WritesPerSecond),
        ("CPU of the process, s", run => run.Converged.CpuSeconds),
        ("CPU of the server, s", run => run.ServerCpuSeconds),
        ("peak resident memory, MiB", run => run.Converged.PeakMiB),
        ("allocated per object, KiB", run => run.Converged.AllocatedBytes / run.Objects / 1024),
        ("update latency p50, ms", run => Statistics.Quantile(run.UpdateMilliseconds, 0.5)),
        ("update latency p99, ms", run => Statistics.Quantile(run.UpdateMilliseconds, 0.99)),
        ("no-op restart: all known, ms", run => run.RestartSynced.Milliseconds),
        ("no-op restart: all looked at, ms", run => run.RestartSettled.Milliseconds),
        ("no-op restart: requests", run => run.RestartSettled.Requests.Values.Sum()),
        ("no-op restart and resync: writes", run => run.RestartWrites),
        ("live memory per object, bytes", run => run.Memory.LiveBytes / run.Objects),
    ];

    public string Render()
    {
        var text = new StringBuilder("# Sam.Runtime beside the floor\n\n");
        Line(
            text,
            "Written by `make bench`. The floor is a bare list-watch-patch loop on the official client (`tests/Sam.Bench/Subjects/FloorLoop.cs`):"
        );
        Line(
            text,
            "no cache, no queue, no conditions, no retry, a smaller status. Each subject runs in its own process over objects of one kind, one status"
        );
        Line(
            text,
            "write each, against an API server in another process; the order alternates. Median of the rounds, lowest to highest in brackets."
        );
        text.Append('\n');
        Line(
            text,
            $"{Machine.Describe()}; Release build; {rounds} rounds; {updates} single updates a run; load average before the runs: {string.Join(", ", loads)}."
        );
        foreach (var group in runs.GroupBy(run => run.Objects))
            Section(
                text,
                group.Key,
                [.. group.Where(run => run.Subject == "runtime")],
                [.. group.Where(run => run.Subject == "floor")]
            );
        return text.ToString();
    }

    private static void Section(StringBuilder text, int objects, RunFigures[] runtime, RunFigures[] floor)
    {
        Line(text, $"\n## {Number(objects)} objects\n");
        Line(text, "| | ratio to the floor | runtime | floor |");
        Line(text, "|---|---|---|---|");
        foreach (var (name, read) in s_rows)
            Line(
                text,
                $"| {name} | {Ratio(runtime, floor, read)} | {Spread(runtime.Select(read))} | {Spread(floor.Select(read))} |"
            );
        if (runtime.Select(run => run.Resync).OfType<SubjectReport>().ToArray() is { Length: > 0 } resyncs)
        {
            var time = Spread(resyncs.Select(resync => resync.Milliseconds));
            var allocated = Spread(resyncs.Select(resync => resync.AllocatedBytes / objects / 1024));
            Line(text, $"| no-op resync: time, ms | | {time} | |");
            Line(text, $"| no-op resync: allocated per object, KiB | | {allocated} | |");
        }

        Line(
            text,
            "\nRequests for Widgets of the first round while converging, by verb (the server's count holds the bench's own LIST and WATCH, if any):\n"
        );
        Line(text, "| | counted by the client | counted by the server |");
        Line(text, "|---|---|---|");
        foreach (var run in (RunFigures[])[runtime[0], floor[0]])
            Line(text, $"| {run.Subject} | {Counts(run.Converged.Requests)} | {Counts(run.ServerCounts)} |");
    }

    private static string Ratio(RunFigures[] runtime, RunFigures[] floor, Func<RunFigures, double> read)
    {
        var (ours, theirs) = (Statistics.Median(runtime.Select(read)), Statistics.Median(floor.Select(read)));
        return theirs == 0 ? "" : (ours / theirs).ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static string Spread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return $"{Number(Statistics.Median(all))} ({Number(all.Min())} to {Number(all.Max())})";
    }

    private static string Counts<T>(SortedDictionary<string, T> counts) =>
        string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"));

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.0#", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
