using Sam.DevCluster.Http;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster;

/// <summary>Faults on demand, by verb (get, list, watch, create, update, patch, delete) and plural resource name; null means any.</summary>
public sealed class DevClusterFaults
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _pending = [];
    private readonly HashSet<string> _silenced = new(StringComparer.Ordinal);
    private readonly ObjectStore _store;

    internal DevClusterFaults(ObjectStore store) => _store = store;

    /// <summary>Ends every open watch of a resource as a lost connection would; all watches when it is null.</summary>
    public void DropWatches(string? resource = null) =>
        _store.DropWatches(shelf => resource is null || shelf.Split('.')[0] == resource);

    /// <summary>Keeps watches of a resource open but delivers no changes until <see cref="ResumeWatches"/>.</summary>
    public void HangWatches(string resource)
    {
        lock (_gate)
            _silenced.Add(resource);
    }

    /// <summary>Lets watches of a resource deliver again; what was missed stays missed.</summary>
    public void ResumeWatches(string resource)
    {
        lock (_gate)
            _silenced.Remove(resource);
    }

    /// <summary>Forgets all history, so that every older resourceVersion answers 410.</summary>
    public void CompactHistory() => _store.Compact();

    /// <summary>Fails the next matching requests with a status code, 429 with Retry-After.</summary>
    public void FailNext(int count, int code, string? verb = null, string? resource = null, int retryAfterSeconds = 1)
    {
        lock (_gate)
            _pending.Add(new Pending(verb, resource, code, TimeSpan.Zero, retryAfterSeconds) { Left = count });
    }

    /// <summary>Delays the next matching requests.</summary>
    public void DelayNext(int count, TimeSpan latency, string? verb = null, string? resource = null)
    {
        lock (_gate)
            _pending.Add(new Pending(verb, resource, 0, latency, 0) { Left = count });
    }

    /// <summary>Forgets every fault that has not happened yet.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _pending.Clear();
            _silenced.Clear();
        }
    }

    internal bool IsSilenced(string resource)
    {
        lock (_gate)
            return _silenced.Count > 0 && _silenced.Contains(resource);
    }

    internal async Task BeforeAsync(string verb, string resource, TimeProvider time, CancellationToken cancellationToken)
    {
        Pending? hit;
        lock (_gate)
        {
            hit = _pending.Find(fault => (fault.Verb ?? verb) == verb && (fault.Resource ?? resource) == resource);
            if (hit is not null && --hit.Left <= 0)
                _pending.Remove(hit);
        }
        if (hit is null)
            return;
        if (hit.Latency > TimeSpan.Zero)
            await Task.Delay(hit.Latency, time, cancellationToken);
        if (hit.Code != 0)
            throw Status(hit);
    }

    private static StatusException Status(Pending fault) =>
        fault.Code switch
        {
            409 => new StatusException(409, "Conflict", "injected fault: the object has been modified"),
            410 => new StatusException(410, "Expired", "injected fault: too old resource version"),
            429 => new StatusException(429, "TooManyRequests", "injected fault: too many requests")
            {
                RetryAfterSeconds = fault.RetryAfterSeconds,
            },
            503 => new StatusException(503, "ServiceUnavailable", "injected fault: the server is unavailable"),
            _ => new StatusException(fault.Code, "InternalError", "injected fault: internal error"),
        };

    private sealed record Pending(string? Verb, string? Resource, int Code, TimeSpan Latency, int RetryAfterSeconds)
    {
        public int Left { get; set; }
    }
}
