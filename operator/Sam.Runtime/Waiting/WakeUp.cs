namespace Sam.Runtime.Waiting;

/// <summary>Wakes one reader; a call that comes before the reader waits is kept, and several are one.</summary>
internal sealed class WakeUp
{
    private readonly Lock _lock = new();
    private Latch _next = new();

    /// <summary>Wakes the reader.</summary>
    public void Call()
    {
        lock (_lock)
            _next.TryOpen();
    }

    /// <summary>Returns when called since the last return.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Latch latch;
        lock (_lock)
            latch = _next;
        await latch.WaitAsync(cancellationToken);
        lock (_lock)
            _next = new Latch();
    }
}
