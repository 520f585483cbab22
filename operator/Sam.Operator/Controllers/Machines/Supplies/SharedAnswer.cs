namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>An answer that many ask for at once: one of them asks, all share it until it is too old or forgotten. A fault is shared, and not kept.</summary>
/// <typeparam name="TAnswer">What is asked for.</typeparam>
internal sealed class SharedAnswer<TAnswer>(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private Task<TAnswer>? _flight;
    private DateTimeOffset _askedAt;

    /// <summary>The answer, asked for again if it is older than that.</summary>
    public Task<TAnswer> GetAsync(TimeSpan maxAge, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        Task<TAnswer> flight;
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            if (_flight is null || _flight.IsFaulted || _flight.IsCanceled || (_flight.IsCompleted && now - _askedAt > maxAge))
            {
                _askedAt = now;
                _flight = AskAsync(ask);
            }
            flight = _flight;
        }
        // The call outlives who asked first: others wait for it, and the client's own timeout ends it.
        return flight.WaitAsync(cancellationToken);
    }

    /// <summary>The next one asks again.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _flight = null;
        }
    }

    // Asked outside of the lock, even of somebody who answers at once.
    private static async Task<TAnswer> AskAsync(Func<Task<TAnswer>> ask)
    {
        await Task.Yield();
        return await ask();
    }
}
