using System.Collections.Concurrent;

namespace Sam.Testing.Simulations;

/// <summary>Operations that truly run outside: counted, and waited for with patience in real time.</summary>
internal sealed class OutsideOperations
{
    private readonly ConcurrentQueue<Action> _finished = new();
    private readonly object _bell = new();
    private readonly List<string> _running = [];

    /// <summary>How many are in flight; asked from any thread.</summary>
    public int Count
    {
        get
        {
            lock (_bell)
                return _running.Count;
        }
    }

    public Task<T> RunAsync<T>(string what, Func<Task<T>> operation)
    {
        var result = new TaskCompletionSource<T>();
        lock (_bell)
            _running.Add(what);
        _ = Task.Run(operation)
            .ContinueWith(
                ended =>
                {
                    _finished.Enqueue(() => Settle(what, ended, result));
                    Wake();
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        return result.Task;
    }

    public void TakeFinished()
    {
        while (_finished.TryDequeue(out var settle))
            settle();
    }

    /// <summary>Waits for the end of one of them.</summary>
    public void Wait(TimeSpan patience)
    {
        if (!Pause(patience, () => !_finished.IsEmpty))
            throw new SimulationException($"Outside the simulation for more than {patience}: {string.Join(", ", _running)}");
    }

    /// <summary>Waits in real time for a condition that <see cref="Wake"/> has looked at; false if it did not come.</summary>
    public bool Pause(TimeSpan patience, Func<bool> until)
    {
        lock (_bell)
        {
            var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
            while (!until())
            {
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_bell, (int)left))
                    return until();
            }

            return true;
        }
    }

    public void Wake()
    {
        lock (_bell)
            Monitor.PulseAll(_bell);
    }

    private void Settle<T>(string what, Task<T> ended, TaskCompletionSource<T> result)
    {
        lock (_bell)
            _running.Remove(what);
        result.SetFromTask(ended);
    }
}
