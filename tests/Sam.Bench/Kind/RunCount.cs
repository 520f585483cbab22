namespace Sam.Bench.Kind;

/// <summary>Counts runs over objects, changed or not, and tells when there were enough.</summary>
internal sealed class RunCount
{
    private readonly Lock _lock = new();
    private long _count;
    private (long Until, TaskCompletionSource Reached)? _waiting;

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            if (_waiting is { } waiting && _count >= waiting.Until)
                waiting.Reached.TrySetResult();
        }
    }

    /// <summary>Returns once there were so many more runs than at an earlier count.</summary>
    public Task WaitAsync(long until)
    {
        lock (_lock)
        {
            if (_count >= until)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (until, reached);
            return reached.Task;
        }
    }

    public long Read()
    {
        lock (_lock)
            return _count;
    }
}
