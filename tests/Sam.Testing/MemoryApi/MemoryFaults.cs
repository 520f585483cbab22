using Sam.Runtime.Transport;

namespace Sam.Testing.MemoryApi;

/// <summary>Faults of an API in memory, chosen by a seed and counted.</summary>
public sealed class MemoryFaults
{
    private readonly MemoryCluster _cluster;
    private readonly Random _random;

    /// <summary>Puts itself before a cluster.</summary>
    /// <param name="cluster">Whose requests fail.</param>
    /// <param name="random">Chooses which.</param>
    /// <param name="writesRefused">The share of writes that are refused: 409, 429 with Retry-After, or 500, half of which have happened.</param>
    public MemoryFaults(MemoryCluster cluster, Random random, double writesRefused)
    {
        _cluster = cluster;
        _random = random;
        WritesRefused = writesRefused;
        cluster.Fault = Answer;
    }

    /// <summary>The share of writes that are refused.</summary>
    public double WritesRefused { get; set; }

    /// <summary>How often each fault happened.</summary>
    public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>While true nobody reaches the API.</summary>
    public bool IsOutage { get; private set; }

    /// <summary>Nobody reaches the API any more, and open watches break.</summary>
    public void BeginOutage()
    {
        IsOutage = true;
        _cluster.Each(watch => watch.End(new IOException("connection reset")));
    }

    /// <summary>The API is back.</summary>
    public void EndOutage() => IsOutage = false;

    /// <summary>A watch ends, in order or by a broken connection; false if none is open.</summary>
    public bool DropWatch() =>
        OnOne("watches dropped", watch => watch.End(_random.Next(2) == 0 ? null : new IOException("connection reset")));

    /// <summary>A watch says nothing any more.</summary>
    public bool SilenceWatch() => OnOne("watches silenced", watch => watch.FallSilent());

    /// <summary>A watch is told that its version is too old; by an event, or when it comes back.</summary>
    public bool ExpireWatch() =>
        OnOne(
            "watches expired",
            watch =>
            {
                if (_random.Next(2) == 0)
                    watch.Send("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""");
                else
                    _cluster.Compact();
                watch.End();
            }
        );

    private bool OnOne(string what, Action<MemoryWatch> act)
    {
        var open = new List<MemoryWatch>();
        _cluster.Each(watch =>
        {
            if (!watch.IsSilent)
                open.Add(watch);
        });
        if (open.Count == 0)
            return false;
        Count(what);
        act(open[_random.Next(open.Count)]);
        return true;
    }

    private TransportResponse? Answer(TransportRequest request)
    {
        if (IsOutage)
        {
            Count("requests in the outage");
            throw new KubernetesApiException(0, "ConnectionFailed", "nobody answers");
        }

        if (request.Method == HttpMethod.Get || _random.NextDouble() >= WritesRefused)
            return null;
        switch (_random.Next(4))
        {
            case 0:
                Count("writes refused with 409");
                return MemoryCluster.Refuse(409, "Conflict");
            case 1:
                Count("writes refused with 429");
                return MemoryCluster.Refuse(429, "TooManyRequests", TimeSpan.FromSeconds(_random.Next(1, 30)));
            case 2:
                Count("writes refused with 500");
                return MemoryCluster.Refuse(500, "InternalError");
            default:
                Count("writes done and answered with 500");
                _cluster.Serve(request).Dispose(); // done all the same: the answer is lost
                return MemoryCluster.Refuse(500, "InternalError");
        }
    }

    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;
}
