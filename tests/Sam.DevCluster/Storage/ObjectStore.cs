using System.Text.Json.Nodes;

namespace Sam.DevCluster.Storage;

/// <summary>The one versioned store: a single counter orders every change of every resource.</summary>
internal sealed class ObjectStore(int window)
{
    // Real clusters never start at 1, and tests use small literals as "long gone".
    private const long FirstVersion = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Shelf, StoredObject Stored)> _byUid = new(StringComparer.Ordinal);

    // Every uid that ever was an owner: most objects never are, and need no search when they go.
    private readonly HashSet<string> _owned = new(StringComparer.Ordinal);
    private long _version = FirstVersion;

    /// <summary>Raised after each change, outside of the lock, for the background controllers.</summary>
    public Action<string, StoreEvent>? Changed { get; set; }

    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    public StoredObject? Get(string shelf, string @namespace, string name)
    {
        lock (_gate)
            return ShelfOf(shelf).Objects.GetValueOrDefault(@namespace.Length == 0 ? name : @namespace + "/" + name);
    }

    /// <summary>Adds an object; null when the name is taken.</summary>
    public StoredObject? TryAdd(string shelf, JsonObject node) => Write(shelf, node, expected: 0, ChangeKind.Added);

    /// <summary>Replaces the version that was read; null when somebody else was faster.</summary>
    public StoredObject? TryReplace(string shelf, StoredObject read, JsonObject node) =>
        Write(shelf, node, read.Version, ChangeKind.Modified);

    public StoredObject? TryRemove(string shelf, StoredObject read, JsonObject last) =>
        Write(shelf, last, read.Version, ChangeKind.Deleted);

    public (long Version, IReadOnlyCollection<StoredObject> Objects) List(string shelf, long? at = null)
    {
        lock (_gate)
        {
            var found = ShelfOf(shelf);
            if (at is not { } version)
                return (_version, [.. found.Objects.Values]);
            if (version < found.OldestVersion)
                throw new VersionGoneException(version, found.OldestVersion);
            return version > _version ? throw new VersionAheadException(version, _version) : (version, found.At(version));
        }
    }

    /// <summary>The object with a uid, whatever its resource.</summary>
    public (string Shelf, StoredObject Stored)? FindByUid(string uid)
    {
        lock (_gate)
            return _byUid.TryGetValue(uid, out var found) ? found : null;
    }

    public IReadOnlyList<StoredObject> DependentsOf(string shelf, string owner)
    {
        lock (_gate)
            return _owned.Contains(owner)
                ? [.. ShelfOf(shelf).Objects.Values.Where(stored => stored.Owners.Contains(owner))]
                : [];
    }

    /// <summary>Opens a watch after <paramref name="from"/>, or with the present objects when it is null.</summary>
    public WatchCursor Watch(string shelf, long? from)
    {
        lock (_gate)
        {
            var found = ShelfOf(shelf);
            if (from is { } asked && asked < found.OldestVersion)
                throw new VersionGoneException(asked, found.OldestVersion);
            if (from > _version)
                throw new VersionAheadException(from.Value, _version);
            var cursor = new WatchCursor(shelf, Close)
            {
                StartVersion = from ?? _version,
                Initial = from is null ? [.. found.Objects.Values] : [],
            };
            if (from is { } version)
            {
                foreach (var change in found.Since(version))
                    cursor.Offer(change);
            }
            found.Watchers.Add(cursor);
            return cursor;
        }
    }

    /// <summary>Forgets all history up to now, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (var shelf in _shelves.Values)
                shelf.Forget(_version);
        }
    }

    public void DropWatches(Func<string, bool> which)
    {
        lock (_gate)
        {
            foreach (var cursor in _shelves.Values.SelectMany(shelf => shelf.Watchers).Where(cursor => which(cursor.Shelf)))
                cursor.Drop();
        }
    }

    public int WatchCount
    {
        get
        {
            lock (_gate)
                return _shelves.Values.Sum(shelf => shelf.Watchers.Count);
        }
    }

    private StoredObject? Write(string name, JsonObject node, long expected, ChangeKind kind)
    {
        StoreEvent change;
        lock (_gate)
        {
            var shelf = ShelfOf(name);
            var written = new StoredObject(node, _version + 1);
            var before = shelf.Objects.GetValueOrDefault(written.Key);
            if ((before?.Version ?? 0) != expected)
                return null;
            _version++;
            if (kind == ChangeKind.Deleted)
                shelf.Objects.Remove(written.Key);
            else
                shelf.Objects[written.Key] = written;
            if (kind == ChangeKind.Deleted)
                _byUid.Remove(written.Uid);
            else
                _byUid[written.Uid] = (name, written);
            _owned.UnionWith(written.Owners);
            change = new StoreEvent(kind, written, before);
            shelf.Record(change);
        }
        Changed?.Invoke(name, change);
        return change.Object;
    }

    private void Close(WatchCursor cursor)
    {
        lock (_gate)
            ShelfOf(cursor.Shelf).Watchers.Remove(cursor);
        cursor.Drop();
    }

    private Shelf ShelfOf(string name)
    {
        if (!_shelves.TryGetValue(name, out var shelf))
            _shelves[name] = shelf = new Shelf(_version, window);
        return shelf;
    }
}

/// <summary>The asked version has left the history window.</summary>
internal sealed class VersionGoneException(long asked, long oldest) : Exception($"too old resource version: {asked} ({oldest})");

/// <summary>The asked version has not happened yet.</summary>
internal sealed class VersionAheadException(long asked, long current)
    : Exception($"Too large resource version: {asked}, current: {current}")
{
    public long Asked { get; } = asked;

    public long Current { get; } = current;
}
