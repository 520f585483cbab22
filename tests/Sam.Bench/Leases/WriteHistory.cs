using Microsoft.Extensions.Logging.Abstractions;
using Sam.Bench.Kind;
using Sam.Bench.Targets;
using Sam.Runtime.Informers;

namespace Sam.Bench.Leases;

/// <summary>Every version of the counted object, as the watch tells: epochs never go back, and each has one writer.</summary>
internal sealed class WriteHistory : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<long, string> _writers = [];
    private readonly List<string> _breaches = [];
    private readonly Informer<Widget> _informer;
    private readonly Task _running;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteHistory(BenchTarget target, string home)
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

    /// <summary>The newest epoch written, -1 before the first.</summary>
    public long Epoch { get; private set; } = -1;

    /// <summary>Who writes under it.</summary>
    public string Writer { get; private set; } = "";

    /// <summary>How many writes were seen.</summary>
    public int Writes { get; private set; }

    /// <summary>Writes of an older epoch after a newer one's, and epochs with two writers.</summary>
    public IReadOnlyList<string> Breaches => _breaches;

    /// <summary>Returns once a newer epoch wrote, by whoever.</summary>
    public async Task NewerAsync(long epoch, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (Epoch > epoch)
                    return;
                change = _changed.Task;
            }

            await change.WaitAsync(cancellationToken);
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
        if (current?.Status.Epoch is not { } epoch || current.Status.Writer is not { } writer)
            return;
        lock (_lock)
        {
            Writes++;
            if (epoch < Epoch)
                _breaches.Add($"{writer} wrote under epoch {epoch} after {Writer} under {Epoch}");
            if (!_writers.TryAdd(epoch, writer) && _writers[epoch] != writer)
                _breaches.Add($"epoch {epoch} has two writers: {_writers[epoch]} and {writer}");
            if (epoch <= Epoch)
                return;
            (Epoch, Writer) = (epoch, writer);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
