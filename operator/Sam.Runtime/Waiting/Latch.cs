namespace Sam.Runtime.Waiting;

/// <summary>Opens once; whoever waits goes on in a turn of its own, never on the stack of whoever opens it.</summary>
public sealed class Latch
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskCompletionSource> _waiting = [];
    private bool _isOpen;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _isOpen;
        }
    }

    /// <summary>Opens; false if it was open already.</summary>
    public bool TryOpen()
    {
        lock (_lock)
        {
            if (_isOpen)
                return false;
            _isOpen = true;
            foreach (var turn in _waiting)
                turn.TrySetResult();
            _waiting.Clear();
            return true;
        }
    }

    /// <summary>Returns once it is open.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isOpen)
                return;
            _waiting.Add(turn);
        }

        // Awaited directly: a combinator over this task would go on somewhere on the thread pool.
        using var cancelled = cancellationToken.UnsafeRegister(static (turn, token) => Cancel(turn, token), turn);
        try
        {
            await turn.Task;
        }
        finally
        {
            lock (_lock)
                _waiting.Remove(turn);
        }
    }

    private static void Cancel(object? turn, CancellationToken token) => ((TaskCompletionSource)turn!).TrySetCanceled(token);
}
