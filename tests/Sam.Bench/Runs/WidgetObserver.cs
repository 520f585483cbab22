using Microsoft.Extensions.Logging.Abstractions;
using Sam.Bench.Kind;
using Sam.Bench.Targets;
using Sam.Runtime.Informers;

namespace Sam.Bench.Runs;

/// <summary>Watches from outside how Widgets converge; the same for every subject.</summary>
internal sealed class WidgetObserver : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _converged = new(StringComparer.Ordinal);
    private readonly Informer<Widget> _informer;
    private readonly Task _running;
    private (int Count, TaskCompletionSource<long> Reached)? _waiting;
    private (string Name, long Value, TaskCompletionSource<long> Seen)? _expecting;

    public WidgetObserver(BenchTarget target, string home)
    {
        _informer = new Informer<Widget>(
            target.Transport,
            new ObjectStore<Widget>([]),
            new InformerOptions { Namespaces = [home] },
            new Random(1),
            TimeProvider.System,
            NullLogger<Informer<Widget>>.Instance
        );
        _informer.AddHandler(Observe);
        _running = Task.Run(() => _informer.RunAsync(_ending.Token));
    }

    /// <summary>Returns once the first list is there.</summary>
    public Task SyncedAsync(CancellationToken cancellationToken) => _informer.WaitForSyncAsync(cancellationToken);

    /// <summary>Gives the time stamp at which so many Widgets had converged.</summary>
    public Task<long> ConvergedAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_converged.Count >= count)
                reached.SetResult(TimeProvider.System.GetTimestamp());
            else
                _waiting = (count, reached);
            return reached.Task;
        }
    }

    /// <summary>Gives the time stamp at which a Widget shows a value in status.</summary>
    public Task<long> ShowsAsync(string name, long value)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _expecting = (name, value, seen);
            return seen.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private void Observe(Widget? old, Widget? current)
    {
        if (current is null || !current.IsConverged)
            return;
        lock (_lock)
        {
            _converged.Add(current.Metadata.Name);
            if (_waiting is { } waiting && _converged.Count >= waiting.Count)
                waiting.Reached.TrySetResult(TimeProvider.System.GetTimestamp());
            if (_expecting is { } expecting && current.Metadata.Name == expecting.Name && current.Status.Value == expecting.Value)
                expecting.Seen.TrySetResult(TimeProvider.System.GetTimestamp());
        }
    }
}
