using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Faults;

/// <summary>Faults on demand; the README of this project lists them.</summary>
public sealed class DevClusterFaults
{
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
    private readonly HashSet<string> _silenced = new(StringComparer.Ordinal);
    private readonly ObjectStore _store;
    private TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastId;

    internal DevClusterFaults(ObjectStore store) => _store = store;

    /// <summary>Switches a rule on and answers its number.</summary>
    public int Play(DevClusterFault fault)
    {
        lock (_gate)
        {
            _rules.Add(new FaultRule(++_lastId, fault));
            return _lastId;
        }
    }

    /// <summary>How often a rule has happened; 0 for one that is unknown.</summary>
    public int HappenedOf(int id)
    {
        lock (_gate)
            return _rules.Find(rule => rule.Id == id)?.Happened ?? 0;
    }

    /// <summary>Switches a rule off; false when there is none of that number.</summary>
    public bool Stop(int id)
    {
        lock (_gate)
            return _rules.RemoveAll(rule => rule.Id == id) > 0;
    }

    /// <summary>Forgets every rule and lets silenced watches deliver again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _silenced.Clear();
            Resume();
        }
    }

    /// <summary>Fails the next matching requests with a status code, 429 with Retry-After.</summary>
    public int FailNext(int count, int code, string? verb = null, string? resource = null, int retryAfterSeconds = 1) =>
        Play(
            new DevClusterFault(FaultAction.Status)
            {
                Verb = verb,
                Resource = resource,
                Code = code,
                RetryAfter = retryAfterSeconds,
                Count = count,
            }
        );

    /// <summary>Delays the next matching requests.</summary>
    public int DelayNext(int count, TimeSpan latency, string? verb = null, string? resource = null) =>
        Play(
            new DevClusterFault(FaultAction.Latency)
            {
                Verb = verb,
                Resource = resource,
                Latency = latency,
                Count = count,
            }
        );

    /// <summary>Cuts every open watch of a resource as a lost connection would; all watches when it is null.</summary>
    public void DropWatches(string? resource = null) =>
        _store.EndWatches(
            shelf => resource is null || shelf == resource || shelf.Split('.')[0] == resource,
            cursor => cursor.Cut()
        );

    /// <summary>Keeps watches of a resource open but delivers nothing until <see cref="ResumeWatches"/>.</summary>
    public void HangWatches(string resource)
    {
        lock (_gate)
            _silenced.Add(resource);
    }

    /// <summary>Lets watches of a resource deliver again; what was missed stays missed.</summary>
    public void ResumeWatches(string resource)
    {
        lock (_gate)
        {
            _silenced.Remove(resource);
            Resume();
        }
    }

    /// <summary>Forgets all history, so that every older resourceVersion answers 410.</summary>
    public void CompactHistory() => _store.Compact();

    internal IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
                return [.. _rules];
        }
    }

    /// <summary>The first rule with this action that hits.</summary>
    internal DevClusterFault? Find(FaultAction action, RequestFacts facts)
    {
        lock (_gate)
            return _rules.Find(rule => rule.Fault.Action == action && rule.Hits(facts))?.Fault;
    }

    /// <summary>What a request meets before it is handled: all delays together, and the first fault that ends it.</summary>
    internal (TimeSpan Latency, DevClusterFault? End) Meet(RequestFacts facts)
    {
        var latency = TimeSpan.Zero;
        lock (_gate)
        {
            foreach (var rule in _rules.Where(rule => rule.Fault.Action < FaultAction.ExpireWatch && rule.Hits(facts)))
            {
                if (rule.Fault.Action != FaultAction.Latency)
                    return (latency, rule.Fault);
                latency += rule.Fault.Latency;
            }
        }
        return (latency, null);
    }

    internal bool IsSilenced(string resource)
    {
        lock (_gate)
            return _silenced.Contains(resource);
    }

    /// <summary>Ends with the next time that something is resumed.</summary>
    internal Task Resumed
    {
        get
        {
            lock (_gate)
                return _resumed.Task;
        }
    }

    private void Resume()
    {
        _resumed.SetResult();
        _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
