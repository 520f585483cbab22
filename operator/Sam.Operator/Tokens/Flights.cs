using Sam.Runtime.Waiting;

namespace Sam.Operator.Tokens;

/// <summary>Those who ask for the same thing at once share one work; it goes on when one of them leaves.</summary>
internal sealed class Flights<TResult>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>The result of the work under this key that is on its way, or of this one.</summary>
    public async Task<TResult> ShareAsync(string key, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        Flight? flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(key, out flight))
            {
                flight = new Flight();
                var started = flight;
                flight.Work = new Lazy<Task<TResult>>(() => RunAsync(key, started, work));
                _flights.Add(key, flight);
            }
        }
        _ = flight.Work!.Value;
        await flight.Landed.WaitAsync(cancellationToken);
        return await flight.Work.Value;
    }

    /// <summary>Returns once nothing that is on its way now is any more, whatever it came to.</summary>
    public async Task LandAsync(CancellationToken cancellationToken)
    {
        List<Flight> flights;
        lock (_lock)
            flights = [.. _flights.Values];
        foreach (var flight in flights)
            await flight.Landed.WaitAsync(cancellationToken);
    }

    private async Task<TResult> RunAsync(string key, Flight flight, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            lock (_lock)
                _flights.Remove(key);
            flight.Landed.TryOpen();
        }
    }

    private sealed class Flight
    {
        public Latch Landed { get; } = new();
        public Lazy<Task<TResult>>? Work { get; set; }
    }
}
