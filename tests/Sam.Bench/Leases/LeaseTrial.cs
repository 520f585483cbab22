using k8s.Models;
using Sam.Bench.Kind;
using Sam.Bench.Targets;

namespace Sam.Bench.Leases;

/// <summary>How the leader is taken away.</summary>
internal enum TakeAway
{
    Kill,
    Stop,
    Terminate,
    Cut,
}

/// <summary>One take-over: what was done, how long until the next one wrote, and how the old one ended.</summary>
internal sealed record TakeOver(TakeAway How, TimeSpan Took, int ExitCode, TimeSpan EndedAfter);

/// <summary>Two processes, and a lease that is taken away from the leader again and again.</summary>
internal sealed class LeaseTrial(BenchTarget target, string home, int runs, int seed)
{
    // A process that was stopped or cut off has to find out and end; far above what it takes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Random _random = new(seed);

    /// <summary>Processes that ended though nobody had touched them: a machine so busy that a renewal came too late.</summary>
    public int Unasked { get; private set; }

    public async Task<IReadOnlyList<TakeOver>> RunAsync(
        WriteHistory history,
        Contender[] contenders,
        CancellationToken cancellationToken
    )
    {
        var widget = new Widget
        {
            Metadata = new V1ObjectMeta { Name = "counter", NamespaceProperty = home },
        };
        await target.Client<Widget>().CreateAsync(widget, cancellationToken);
        foreach (var contender in contenders)
            await contender.StartAsync(cancellationToken);
        await history.NewerAsync(-1, cancellationToken).WaitAsync(s_patience, cancellationToken);
        // Ctrl-C ends the trial between two take-overs: what was found is still told.
        var found = new List<TakeOver>();
        while (found.Count < runs && !cancellationToken.IsCancellationRequested)
        {
            await ReviveAsync(contenders, CancellationToken.None);
            var leader = Array.Find(contenders, contender => contender.Identity == history.Writer);
            if (leader is null || leader.Process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None); // the next one is about to write
                continue;
            }

            found.Add(await TakeAwayAsync(leader, history, CancellationToken.None));
            Console.WriteLine(
                $"{found.Count} {found[^1].How}: next wrote after {found[^1].Took.TotalSeconds:0.0} s, exit {found[^1].ExitCode}"
            );
            await leader.StartAsync(CancellationToken.None);
        }

        return found;
    }

    private async Task ReviveAsync(Contender[] contenders, CancellationToken cancellationToken)
    {
        foreach (var contender in contenders.Where(contender => contender.Process.HasExited))
        {
            Unasked++;
            await contender.StartAsync(cancellationToken);
        }
    }

    private async Task<TakeOver> TakeAwayAsync(Contender leader, WriteHistory history, CancellationToken cancellationToken)
    {
        var how = (TakeAway)_random.Next(4);
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(600)), TimeProvider.System, cancellationToken);
        var (epoch, at) = (history.Epoch, TimeProvider.System.GetTimestamp());
        await DoAsync(how, leader);
        await history.NewerAsync(epoch, cancellationToken).WaitAsync(s_patience, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(at);
        var continued = TimeProvider.System.GetTimestamp();
        if (how == TakeAway.Stop)
            await leader.Process.SignalAsync("CONT");
        var exitCode = await leader.Process.ExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        return new TakeOver(how, took, exitCode, TimeProvider.System.GetElapsedTime(continued));
    }

    private static async Task DoAsync(TakeAway how, Contender leader)
    {
        switch (how)
        {
            case TakeAway.Kill:
                await leader.Process.SignalAsync("KILL");
                break;
            case TakeAway.Stop:
                await leader.Process.SignalAsync("STOP");
                break;
            case TakeAway.Terminate:
                await leader.Process.SignalAsync("TERM");
                break;
            case TakeAway.Cut:
                leader.Gate.Hang();
                break;
            default:
                throw new InvalidOperationException($"Unhandled way {how}");
        }
    }
}
