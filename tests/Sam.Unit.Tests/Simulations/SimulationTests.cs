using Sam.Testing.Simulations;

namespace Sam.Unit.Tests.Simulations;

public sealed class SimulationTests
{
    [Fact]
    public void The_same_seed_replays_the_same_run_and_others_run_otherwise()
    {
        var runs = Enumerable
            .Range(1, 20)
            .Select(seed => (First: Simulation.Run(seed, Race), Second: Simulation.Run(seed, Race)));

        var traces = runs.ToList();

        Assert.All(traces, pair => Assert.Equal(pair.First.Notes, pair.Second.Notes));
        Assert.All(traces, pair => Assert.Equal(pair.First.Fingerprint, pair.Second.Fingerprint));
        Assert.True(traces.Select(pair => string.Join('|', pair.First.Notes)).Distinct().Count() > 10);
    }

    [Fact]
    public void A_day_passes_without_waiting_and_every_timer_on_the_way_is_due_at_its_moment()
    {
        var seen = new List<TimeSpan>();

        var trace = Simulation.Run(
            1,
            async sim =>
            {
                using var timer = sim.Clock.CreateTimer(
                    _ => seen.Add(sim.Elapsed),
                    null,
                    TimeSpan.FromHours(1),
                    TimeSpan.FromHours(1)
                );
                await sim.AdvanceAsync(TimeSpan.FromDays(1));
            }
        );

        Assert.Equal(Enumerable.Range(1, 24).Select(hour => TimeSpan.FromHours(hour)), seen);
        Assert.Equal(TimeSpan.FromDays(1), trace.Elapsed);
    }

    [Theory, Seeds(20)]
    public void Time_moves_only_when_nothing_is_ready(int seed) =>
        Simulation.Run(
            seed,
            async sim =>
            {
                var late = Task.Delay(TimeSpan.FromMilliseconds(1), sim.Clock, TestContext.Current.CancellationToken);
                for (var i = 0; i < 1000; i++)
                    await Task.Yield();

                Assert.Equal(TimeSpan.Zero, sim.Elapsed);
                await sim.IdleAsync();
                Assert.Equal(TimeSpan.Zero, sim.Elapsed);
                await late;
                Assert.Equal(TimeSpan.FromMilliseconds(1), sim.Elapsed);
            }
        );

    [Fact]
    public void Time_stands_still_while_something_real_is_on_its_way() =>
        Simulation.Run(
            1,
            async sim =>
            {
                var hurry = Task.Delay(TimeSpan.FromSeconds(1), sim.Clock, TestContext.Current.CancellationToken);

                var answer = await sim.OutsideAsync(
                    "a look at a file",
                    async () =>
                    {
                        await Task.Yield();
                        return 42;
                    }
                );

                Assert.Equal(42, answer);
                Assert.False(hurry.IsCompleted);
                Assert.Equal(TimeSpan.Zero, sim.Elapsed);
            }
        );

    public static TheoryData<string, Func<Simulation, Task>> Escapes { get; } =
        new()
        {
            { "Task.Run", AwaitsThePoolAsync },
            { "the clock", sim => Task.Run(sim.Clock.GetUtcNow) },
            { "a real timer", _ => Task.Delay(50) },
            { "ConfigureAwait", AwaitsElsewhereAsync },
        };

    [Theory, MemberData(nameof(Escapes))]
    public void What_escapes_to_the_thread_pool_fails_the_run(string what, Func<Simulation, Task> escape)
    {
        var fault = Assert.Throws<SimulationException>(() => Simulation.Run(1, sim => escape(sim)));

        Assert.True(fault.Message.Contains("escaped", StringComparison.Ordinal), $"{what}: {fault.Message}");
    }

    [Fact]
    public void A_test_that_waits_for_what_never_comes_fails_at_once() =>
        Assert.Contains(
            "wait for ever",
            Assert.Throws<SimulationException>(() => Simulation.Run(1, _ => new TaskCompletionSource().Task)).Message
        );

    [Fact]
    public void A_condition_that_does_not_come_fails_after_its_virtual_time()
    {
        var fault = Assert.Throws<SimulationException>(() =>
            Simulation.Run(1, sim => sim.UntilAsync(() => false, TimeSpan.FromMinutes(5), "the moon"))
        );

        Assert.Contains("after 00:05:00", fault.Message);
        Assert.Contains("the moon", fault.Message);
    }

    [Fact]
    public void A_fault_beside_the_body_fails_the_run()
    {
        var fault = Assert.Throws<SimulationException>(() =>
            Simulation.Run(
                1,
                sim =>
                {
                    _ = sim.Start(() => throw new InvalidOperationException("beside"));
                    return sim.AdvanceAsync(TimeSpan.FromHours(1));
                }
            )
        );

        Assert.IsType<InvalidOperationException>(fault.InnerException);
    }

    [Fact]
    public void A_stopped_process_does_what_was_due_when_it_goes_on_and_a_killed_one_never() =>
        Simulation.Run(
            1,
            async sim =>
            {
                var ticks = new Dictionary<string, int> { ["stopped"] = 0, ["killed"] = 0 };
                var (stopped, killed) = (sim.Process("stopped"), sim.Process("killed"));
                foreach (var process in new[] { stopped, killed })
                    _ = process.Start(() => TickAsync(process, () => ticks[process.Name]++));
                await sim.AdvanceAsync(TimeSpan.FromSeconds(10.5));
                stopped.Stop();
                killed.Kill();

                await sim.AdvanceAsync(TimeSpan.FromSeconds(10));
                Assert.Equal((10, 10), (ticks["stopped"], ticks["killed"]));
                stopped.Continue();
                await sim.IdleAsync();

                Assert.Equal((11, 10), (ticks["stopped"], ticks["killed"]));
            }
        );

    private static async Task TickAsync(SimulatedProcess process, Action tick)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), process.Clock);
            tick();
        }
    }

    private static async Task Race(Simulation sim)
    {
        var runners = Enumerable
            .Range(0, 5)
            .Select(number =>
                sim.Start(async () =>
                {
                    for (var lap = 0; lap < 3; lap++)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(10), sim.Clock);
                        sim.Note($"{number} lap {lap}");
                        await Task.Yield();
                    }
                })
            );
        await Task.WhenAll(runners);
    }

    private static async Task AwaitsThePoolAsync(Simulation sim)
    {
        using var gate = new ManualResetEventSlim();
        var opens = sim.Start(() =>
        {
            gate.Set();
            return Task.CompletedTask;
        });
        await Task.Run(gate.Wait);
        await opens;
    }

    private static async Task AwaitsElsewhereAsync(Simulation sim)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), sim.Clock).ConfigureAwait(false);
        await Task.Run(() => Thread.Yield()).ConfigureAwait(false);
        sim.Clock.GetUtcNow();
    }
}
