namespace Sam.DevCluster.Storage;

/// <summary>All objects of one resource, with the recent history that watches and consistent pages read.</summary>
internal sealed class Shelf(long since, HistoryLimits limits)
{
    private readonly ChangeHistory _history = new(since, limits);

    public SortedObjects Objects { get; } = new();

    public List<WatchCursor> Watchers { get; } = [];

    /// <summary>Versions below this one can no longer be watched from or listed at.</summary>
    public long OldestVersion => _history.OldestVersion;

    public void Record(StoreEvent change)
    {
        _history.Add(change);
        foreach (var watcher in Watchers)
            watcher.Offer(new WatchItem(change, change.Version));
    }

    public void Forget(long version) => _history.Forget(version);

    public ReadOnlySpan<StoreEvent> Since(long version) => _history.Since(version);

    /// <summary>The objects as they were at a version inside the window.</summary>
    public IReadOnlyList<StoredObject> At(long version, KeyRange range)
    {
        var now = Objects.Range(range);
        var past = new Dictionary<string, StoredObject?>(StringComparer.Ordinal);
        foreach (var change in Since(version))
        {
            // The first change of a key tells what it was before.
            if (range.Contains(change.Object.Key))
                past.TryAdd(change.Object.Key, change.Previous);
        }
        if (past.Count == 0)
            return now;
        var then = now.Where(stored => !past.ContainsKey(stored.Key)).Concat(past.Values.OfType<StoredObject>()).ToList();
        then.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return then;
    }
}
