using System.Globalization;
using System.Text;
using Sam.Bench.Runs;

namespace Sam.Bench.Leases;

/// <summary>docs/bench/lease.md.</summary>
internal sealed class LeasePage(IReadOnlyList<TakeOver> found, WriteHistory history, int unasked, int seed, TimeSpan limit)
{
    /// <summary>Nothing was breached, everyone was in time, and who was stopped or cut off ended by itself with a failure.</summary>
    public bool IsGood =>
        history.Breaches.Count == 0
        && found.All(one => one.Took <= limit)
        && found.Where(one => one.How is TakeAway.Stop or TakeAway.Cut).All(one => one.ExitCode != 0)
        && found.Where(one => one.How is TakeAway.Terminate).All(one => one.ExitCode == 0);

    public string Render()
    {
        var text = new StringBuilder("# A lease taken over by two real processes\n\n");
        Line(
            text,
            $"`make lease-demo RUNS={found.Count} SEED={seed}`: two processes of the runtime (lease {LeaseTerms.Duration.TotalSeconds:0} s, renewed every 0.5 s, given up after 2 s)"
        );
        Line(
            text,
            "write a counter through a controller, each write with the lease's transition number; a third process watches every version.\n"
        );
        Line(text, $"{Machine.Describe()}; load average at the end: {Machine.Load()}.\n");
        Line(
            text,
            $"- **Two writers after the fence: {history.Breaches.Count}** in {history.Writes} writes over {found.Count} take-overs."
        );
        foreach (var breach in history.Breaches.Take(10))
            Line(text, $"  - {breach}");
        Line(
            text,
            $"- Next one writing: worst {Seconds(found.Max(one => one.Took))}, median {Seconds(Median(found))}; the limit is lease + 5 s = {Seconds(limit)}."
        );
        Line(
            text,
            $"- Processes that ended though nobody had touched them (a renewal too late on a busy machine; no harm, they are restarted): {unasked}.\n"
        );
        Line(
            text,
            "| leader is taken away by | times | next one writing: median | worst | old process ends with | worst time to its end |"
        );
        Line(text, "|---|---|---|---|---|---|");
        foreach (var group in found.GroupBy(one => one.How).OrderBy(group => group.Key))
            Line(
                text,
                $"| {Name(group.Key)} | {group.Count()} | {Seconds(Median(group))} | {Seconds(group.Max(one => one.Took))} "
                    + $"| {string.Join(", ", group.Select(one => one.ExitCode).Distinct().Order())} | {Seconds(group.Max(one => one.EndedAfter))} |"
            );
        return text.ToString();
    }

    private static TimeSpan Median(IEnumerable<TakeOver> all) =>
        TimeSpan.FromSeconds(Statistics.Median(all.Select(one => one.Took.TotalSeconds)));

    private static string Name(TakeAway how) =>
        how switch
        {
            TakeAway.Kill => "SIGKILL",
            TakeAway.Stop => "SIGSTOP until the next one wrote, then SIGCONT",
            TakeAway.Terminate => "SIGTERM (released)",
            TakeAway.Cut => "network cut (connections hang)",
            _ => throw new InvalidOperationException($"Unhandled way {how}"),
        };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
