namespace Sam.Bench.Runs;

/// <summary>Both subjects over each number of objects, in alternating order, several rounds; writes the page.</summary>
internal static class BenchCommand
{
    private static readonly string[] s_subjects = ["runtime", "floor"];

    public static async Task<int> RunAsync(
        int[] objects,
        int rounds,
        int updates,
        string? kubeconfig,
        string? output,
        CancellationToken cancellationToken
    )
    {
        var (found, loads) = (new List<RunFigures>(), new List<string> { Machine.Load() });
        foreach (var count in objects)
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var subject in round % 2 == 0 ? s_subjects : s_subjects.Reverse())
                {
                    var figures = await new SubjectRun(kubeconfig, subject, count, updates).RunAsync(cancellationToken);
                    found.Add(figures);
                    loads.Add(Machine.Load());
                    Console.WriteLine(
                        $"{count} objects, round {round + 1}, {subject}: {figures.ConvergeSeconds:0.0} s, {figures.WritesPerSecond:0}/s, "
                            + $"{figures.Converged.CpuSeconds:0.0} CPU s, {figures.Converged.PeakMiB:0} MiB, load {loads[^1]}"
                    );
                }
            }
        }

        var page = new RuntimePage(found, rounds, updates, loads).Render();
        if (output is null)
            Console.WriteLine(page);
        else
            await File.WriteAllTextAsync(output, page, cancellationToken);
        return 0;
    }
}
