namespace Sam.Playground;

/// <summary><c>make crash-demo</c>: the demo's flow while the operator is killed with SIGKILL at seeded random moments; it must end as if nothing had happened.</summary>
internal static class CrashCommand
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(int runs, int seed, CancellationToken cancellationToken)
    {
        using var stop = Signals.StopOn(cancellationToken);
        var checks = new Checks();
        var random = new Random(seed);
        var (kills, flows) = (0, 0);
        while (kills < runs)
        {
            await using var world = await World.StartAsync("crds/samples", isKept: false, stop.Token);
            using var flowEnds = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var left = runs - kills;
            var killing = KillAsync(world, random, left, flowEnds.Token);
            var flow = new DemoFlow(world, new Watcher(world), checks);
            await flow.ServeAsync(stop.Token);
            await flow.RollOverAsync(stop.Token);
            await flow.FailReleaseAsync(stop.Token);
            await OneSetOfContainersAsync(world, flow, checks, stop.Token);
            await flow.DeleteAsync(stop.Token);
            await flowEnds.CancelAsync();
            kills += await killing;
            flows++;
            checks.That(
                world.Hetzner.ServersCreated() == 1,
                $"one server was bought in flow {flows}: {world.Hetzner.ServersCreated()}"
            );
        }

        World.Say($"{kills} kills over {flows} flows, seed {seed}");
        checks.Close();
        return checks.ExitCode;
    }

    private static async Task OneSetOfContainersAsync(
        World world,
        DemoFlow flow,
        Checks checks,
        CancellationToken cancellationToken
    )
    {
        if (world.Servers is null)
            return;
        var names = (await flow.LeftOnServersAsync(cancellationToken))
            .Split('\n')
            .Where(name => name.StartsWith("sam-", StringComparison.Ordinal) && name.Count(c => c == '-') > 2)
            .ToList();
        checks.That(names.Count == 2, $"one set of containers runs: {string.Join(", ", names)}");
    }

    /// <summary>Kills and starts again until the flow ends; how often.</summary>
    private static async Task<int> KillAsync(World world, Random random, int most, CancellationToken cancellationToken)
    {
        var kills = 0;
        try
        {
            while (kills < most)
            {
                await Task.Delay(LongestLife * random.NextDouble(), TimeProvider.System, cancellationToken);
                await world.Operator.KillAsync();
                kills++;
                World.Say($"killed the operator ({kills})");
                world.Operator.Start();
            }
        }
        catch (OperationCanceledException)
        {
            // The flow ended first.
        }

        return kills;
    }
}
