namespace Sam.Operator.Clients.Hetzner;

/// <summary>One list that serves everybody's reads: readers say how fresh it must be, and share the call that makes it so.</summary>
public sealed class ServerSnapshot(IHetzner hetzner, string labelSelector, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private Listing? _last;
    private Task<Listing>? _flight;
    private long _generation;

    /// <summary>The last listing, however old; null before the first and after <see cref="Invalidate"/>.</summary>
    public Listing? Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>
    /// The servers as asked for at most <paramref name="maxAge"/> ago. One call is on its way at most; readers whose wish it
    /// cannot fulfil (it was asked for too early) wait for it and share the next one.
    /// </summary>
    public async Task<Listing> GetAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var notBefore = timeProvider.GetUtcNow() - maxAge;
        var generation = Volatile.Read(ref _generation);
        while (true)
        {
            Task<Listing> flight;
            lock (_lock)
            {
                if (_last is { } last && last.Serves(notBefore, generation))
                {
                    return last;
                }
                if (_flight is null or { IsCompleted: true })
                {
                    _flight = ListAsync(timeProvider.GetUtcNow(), _generation);
                }
                flight = _flight;
            }
            // The call outlives a reader who leaves: others wait for it, and the client's own timeout ends it.
            var listing = await flight.WaitAsync(cancellationToken);
            if (listing.Serves(notBefore, generation))
            {
                return listing;
            }
        }
    }

    /// <summary>Makes every later reader see a list asked for after now: call it after an own create or delete.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            _generation++;
            _last = null;
        }
    }

    private async Task<Listing> ListAsync(DateTimeOffset askedAt, long generation)
    {
        await Task.Yield(); // the list is asked for outside the lock, even by a fake that answers at once
        var servers = await hetzner.ListServersAsync(labelSelector, CancellationToken.None);
        var listing = new Listing(servers, askedAt, generation);
        lock (_lock)
        {
            if (generation == _generation)
            {
                _last = listing;
            }
        }
        return listing;
    }

    /// <summary>The servers of one list, and when it was asked for: what was made later may be missing.</summary>
    public sealed record Listing(IReadOnlyList<Server> Servers, DateTimeOffset AskedAt, long Generation)
    {
        internal bool Serves(DateTimeOffset notBefore, long generation) => AskedAt >= notBefore && Generation >= generation;
    }
}
