using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Queues;

namespace Sam.Unit.Tests.Runtime;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = Make(_clock);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void A_key_added_twice_runs_once()
    {
        _queue.Add("a/1");
        _queue.Add("a/1");

        Assert.Equal(["a/1"], Drain());
    }

    [Fact]
    public void A_key_added_while_it_runs_runs_again_after()
    {
        _queue.Add("a/1");
        Assert.True(_queue.TryTake(out var key));

        _queue.Add("a/1");

        Assert.False(_queue.TryTake(out _));
        _queue.Done(key);
        Assert.Equal(["a/1"], Drain());
    }

    [Fact]
    public void A_key_that_comes_after_the_end_is_dropped_without_a_fault()
    {
        _queue.Dispose();

        var fault = Record.Exception(() => _queue.Add("a/1"));

        Assert.Null(fault);
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public void Of_two_delays_the_earliest_wins()
    {
        _queue.AddAfter("a/1", TimeSpan.FromSeconds(60));
        _queue.AddAfter("a/1", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a/1", TimeSpan.FromSeconds(30));

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(Drain());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/1"], Drain());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Drain());
    }

    [Fact]
    public void Backs_off_doubling_to_five_minutes_and_never_gives_up()
    {
        var waits = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            _queue.Retry("a/1");
            waits.Add(SecondsUntilTaken());
        }

        for (var i = 0; i < waits.Count; i++)
        {
            var full = Math.Min(300, Math.Pow(2, i));
            Assert.InRange(waits[i], (full * 0.8) - 0.2, full + 0.2);
        }
    }

    [Fact]
    public void A_success_forgets_the_failures_before()
    {
        for (var i = 0; i < 6; i++)
        {
            _queue.Retry("a/1");
            SecondsUntilTaken();
        }

        _queue.Forget("a/1");
        _queue.Retry("a/1");

        Assert.InRange(SecondsUntilTaken(), 0, 1.2);
    }

    [Fact]
    public void A_fault_that_names_a_delay_is_obeyed()
    {
        _queue.Retry("a/1", TimeSpan.FromSeconds(42));

        Assert.InRange(SecondsUntilTaken(), 41.9, 42.2);
    }

    [Fact]
    public void A_crowded_namespace_delays_only_itself()
    {
        for (var i = 0; i < 100; i++)
            _queue.Add($"crowd/{i}");
        _queue.Add("quiet/1");

        Assert.Equal("quiet/1", Drain()[1]);
    }

    [Fact]
    public void A_change_goes_before_a_resync_and_takes_its_place()
    {
        _queue.Add("a/1", QueuePriority.Resync);
        _queue.Add("a/2", QueuePriority.Resync);
        _queue.Add("a/3");
        _queue.Add("a/2");

        Assert.Equal(["a/3", "a/2", "a/1"], Drain());
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_an_add()
    {
        var take = _queue.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(take.IsCompleted);

        _queue.Add("a/1");

        Assert.Equal("a/1", await take);
    }

    [Fact]
    public async Task Shows_itself_in_metrics()
    {
        var registry = Metrics.NewCustomRegistry();
        using var queue = new WorkQueue<string>("thing", Group, _clock, new Random(1), metrics: new QueueMetrics(registry));
        queue.Add("a/1");
        queue.Add("a/2");
        queue.TryTake(out _);
        _clock.Advance(TimeSpan.FromSeconds(7));

        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        var lines = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n');

        Assert.Contains("workqueue_depth{name=\"thing\",controller=\"thing\"} 1", lines);
        Assert.Contains("workqueue_adds_total{name=\"thing\",controller=\"thing\"} 2", lines);
        Assert.Contains("workqueue_longest_running_processor_seconds{name=\"thing\",controller=\"thing\"} 7", lines);
        Assert.Contains("workqueue_unfinished_work_seconds{name=\"thing\",controller=\"thing\"} 7", lines);
    }

    // Whatever happens in whatever order: every request of a key is followed by a run of it, and no key runs twice at once.
    [Fact]
    public void Never_loses_a_key_and_never_runs_one_twice_at_once() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7]).Array[0, 200].Sample(Survives, iter: 2000);

    private static bool Survives((int Operation, int Key)[] operations)
    {
        var clock = new FakeTimeProvider();
        using var queue = Make(clock);
        var wanted = new HashSet<string>();
        var running = new HashSet<string>();
        foreach (var (operation, number) in operations)
        {
            var key = $"{number % 3}/{number}";
            switch (operation)
            {
                case 0:
                    queue.Add(key, number % 2 == 0 ? QueuePriority.Change : QueuePriority.Resync);
                    wanted.Add(key);
                    break;
                case 1:
                    queue.AddAfter(key, TimeSpan.FromSeconds(number));
                    wanted.Add(key);
                    break;
                case 2:
                    queue.Retry(key);
                    wanted.Add(key);
                    break;
                case 3:
                    clock.Advance(TimeSpan.FromSeconds(number));
                    break;
                case 4 when queue.TryTake(out var taken):
                    wanted.Remove(taken);
                    if (!running.Add(taken))
                        return false;
                    break;
                case 5 when running.Remove(key):
                    queue.Done(key);
                    break;
            }
        }

        foreach (var key in running)
            queue.Done(key);
        for (var round = 0; round < 3; round++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            while (queue.TryTake(out var taken))
            {
                wanted.Remove(taken);
                queue.Done(taken);
            }
        }

        return wanted.Count == 0 && queue.Depth == 0;
    }

    private static WorkQueue<string> Make(FakeTimeProvider clock) => new("test", Group, clock, new Random(7));

    private static string Group(string key) => key.Split('/')[0];

    private List<string> Drain()
    {
        var keys = new List<string>();
        while (_queue.TryTake(out var key))
        {
            keys.Add(key);
            _queue.Done(key);
        }

        return keys;
    }

    private double SecondsUntilTaken()
    {
        for (var tenths = 0; tenths < 4000; tenths++)
        {
            if (Drain().Count > 0)
                return tenths / 10.0;
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        return double.PositiveInfinity;
    }
}
