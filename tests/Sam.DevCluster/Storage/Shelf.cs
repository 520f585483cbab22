namespace Sam.DevCluster.Storage;

/// <summary>All objects of one resource, with the recent history that watches and consistent pages read.</summary>
internal sealed class Shelf(long since, int window)
{
    private readonly Queue<StoreEvent> _history = new();

    public SortedDictionary<string, StoredObject> Objects { get; } = new(KeyOrder.Instance);

    public List<WatchCursor> Watchers { get; } = [];

    /// <summary>Versions below this one can no longer be watched from or listed at.</summary>
    public long OldestVersion { get; private set; } = since;

    public void Record(StoreEvent change)
    {
        _history.Enqueue(change);
        while (_history.Count > window)
            OldestVersion = _history.Dequeue().Version;
        foreach (var watcher in Watchers)
            watcher.Offer(change);
    }

    public void Forget(long version)
    {
        while (_history.TryPeek(out var oldest) && oldest.Version <= version)
            _history.Dequeue();
        OldestVersion = Math.Max(OldestVersion, version);
    }

    public IEnumerable<StoreEvent> Since(long version) => _history.Where(change => change.Version > version);

    /// <summary>The objects as they were at a version inside the window.</summary>
    public IReadOnlyCollection<StoredObject> At(long version)
    {
        var later = Since(version).Reverse().ToList();
        if (later.Count == 0)
            return [.. Objects.Values];
        var past = new SortedDictionary<string, StoredObject>(Objects, KeyOrder.Instance);
        foreach (var change in later)
        {
            if (change.Previous is { } before)
                past[before.Key] = before;
            else
                past.Remove(change.Object.Key);
        }
        return past.Values;
    }

    /// <summary>etcd's order: by bytes of namespace/name.</summary>
    private sealed class KeyOrder : IComparer<string>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(string? x, string? y) => string.CompareOrdinal(x, y);
    }
}
