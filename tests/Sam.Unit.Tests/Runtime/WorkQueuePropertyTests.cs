using Sam.Runtime.Queues;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Runtime;

public sealed class WorkQueuePropertyTests
{
    [Theory, Seeds(50)]
    public void Many_workers_and_producers_never_lose_a_key_and_never_share_one(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var queue = Make(sim);
                using var end = new CancellationTokenSource();
                var (wanted, running, shared) = (new HashSet<string>(), new HashSet<string>(), 0);
                var workers = Enumerable.Range(0, 4).Select(_ => sim.Start(WorkAsync)).ToList();
                await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => sim.Start(ProduceAsync)));

                await sim.UntilAsync(() => wanted.Count == 0, TimeSpan.FromMinutes(30), "every wish fulfilled");
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                end.Cancel();
                await Task.WhenAll(workers);

                Assert.Equal((0, 0, 0), (shared, running.Count, queue.Depth));

                async Task ProduceAsync()
                {
                    for (var i = 0; i < 200; i++)
                    {
                        var key = $"{sim.Random.Next(3)}/{sim.Random.Next(5)}";
                        wanted.Add(key);
                        if (sim.Random.Next(2) == 0)
                            queue.Add(key, (QueuePriority)sim.Random.Next(2));
                        else
                            queue.AddAfter(key, TimeSpan.FromMilliseconds(sim.Random.Next(-10, 5000)));
                        await Task.Delay(TimeSpan.FromMilliseconds(sim.Random.Next(20)), sim.Clock);
                    }
                }

                async Task WorkAsync()
                {
                    while (await TryTakeAsync(queue, end.Token) is { } key)
                    {
                        wanted.Remove(key);
                        shared += running.Add(key) ? 0 : 1;
                        await Task.Delay(TimeSpan.FromMilliseconds(sim.Random.Next(50)), sim.Clock);
                        running.Remove(key);
                        if (sim.Random.Next(5) == 0)
                        {
                            wanted.Add(key);
                            queue.Retry(key);
                        }
                        else
                        {
                            queue.Forget(key);
                        }

                        queue.Done(key);
                    }
                }
            }
        );

    [Theory, Seeds(20)]
    public void A_taker_that_leaves_takes_no_key_with_it(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var queue = Make(sim);
                var taken = new List<string>();
                for (var i = 0; i < 100; i++)
                {
                    using var leaves = new CancellationTokenSource();
                    var key = $"a/{i}";
                    var taker = sim.Start(async () =>
                    {
                        if (await TryTakeAsync(queue, leaves.Token) is { } got)
                            taken.Add(got);
                    });
                    var adds = sim.Start(() => At(() => queue.Add(key)));
                    await sim.Start(() => At(leaves.Cancel));
                    await Task.WhenAll(taker, adds);
                }

                while (queue.TryTake(out var left))
                    taken.Add(left);

                Assert.Equal(Enumerable.Range(0, 100).Select(i => $"a/{i}").Order(), taken.Order());
            }
        );

    [Theory, Seeds(20)]
    public void Of_many_delays_the_earliest_wins_to_the_millisecond(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var queue = Make(sim);
                for (var round = 0; round < 50; round++)
                {
                    var delays = Enumerable.Range(0, 5).Select(_ => sim.Random.Next(1, 100_000)).ToList();
                    delays.ForEach(delay => queue.AddAfter("a/1", TimeSpan.FromMilliseconds(delay)));
                    var since = sim.Elapsed;

                    queue.Done(await queue.TakeAsync(TestContext.Current.CancellationToken));

                    Assert.Equal(TimeSpan.FromMilliseconds(delays.Min()), sim.Elapsed - since);
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                    Assert.False(queue.TryTake(out _));
                }
            }
        );

    [Theory, Seeds(20)]
    public void However_crowded_the_others_are_a_namespace_waits_one_turn_of_each(int seed) =>
        Simulation.Run(
            seed,
            sim =>
            {
                using var queue = Make(sim);
                for (var i = 0; i < 400; i++)
                    queue.Add($"{sim.Random.Next(4)}/{i}", QueuePriority.Change);
                for (var i = 0; i < 50; i++)
                    queue.Add($"resync/{i}", QueuePriority.Resync);
                for (var i = sim.Random.Next(100); i > 0; i--)
                    queue.TryTake(out _);

                queue.Add("quiet/1");

                var next = Enumerable.Range(0, 5).Select(_ => queue.TryTake(out var key) ? key : "").ToList();
                Assert.Contains("quiet/1", next);
                Assert.DoesNotContain(next, key => key.StartsWith("resync/", StringComparison.Ordinal));
                return Task.CompletedTask;
            }
        );

    [Theory, Seeds(20)]
    public void Back_off_doubles_to_five_minutes_with_jitter_and_has_no_end(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                using var queue = Make(sim);
                var waits = new List<TimeSpan>();
                for (var failure = 0; failure < 40; failure++)
                {
                    var since = sim.Elapsed;
                    queue.Retry("a/1");
                    await sim.UntilAsync(() => queue.TryTake(out _), TimeSpan.FromMinutes(6), "the next try");
                    queue.Done("a/1");
                    waits.Add(sim.Elapsed - since);
                }

                for (var failure = 0; failure < waits.Count; failure++)
                {
                    var full = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, failure)));
                    Assert.InRange(waits[failure], full * 0.8, full + TimeSpan.FromMilliseconds(1));
                }

                Assert.True(waits[10..].Distinct().Count() > 20, "jitter");
            }
        );

    private static WorkQueue<string> Make(Simulation sim) =>
        new("test", key => key.Split('/')[0], sim.Clock, new Random(sim.Seed));

    private static async Task<string?> TryTakeAsync(WorkQueue<string> queue, CancellationToken cancellationToken)
    {
        try
        {
            return await queue.TakeAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task At(Action act)
    {
        await Task.Yield();
        act();
    }
}
