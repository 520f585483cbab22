using Sam.Runtime.Waiting;

namespace Sam.Operator.Tokens;

/// <summary>Lets one in at a time; the next one goes on in a turn of its own.</summary>
internal sealed class Turnstile
{
    private readonly Lock _lock = new();
    private Latch? _inside;

    /// <summary>Returns once nobody else is inside; dispose to leave.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Latch before;
            lock (_lock)
            {
                if (_inside is null)
                {
                    _inside = new Latch();
                    return new Way(this);
                }
                before = _inside;
            }
            await before.WaitAsync(cancellationToken);
        }
    }

    private void Leave()
    {
        Latch? left;
        lock (_lock)
            (left, _inside) = (_inside, null);
        left?.TryOpen();
    }

    private sealed class Way(Turnstile turnstile) : IDisposable
    {
        private Turnstile? _turnstile = turnstile;

        public void Dispose() => Interlocked.Exchange(ref _turnstile, null)?.Leave();
    }
}
