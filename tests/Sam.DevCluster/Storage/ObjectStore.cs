using System.Text.Json.Nodes;
using Sam.DevCluster.Storage.Persistence;

namespace Sam.DevCluster.Storage;

/// <summary>The one versioned store: a single counter orders every change of every resource.</summary>
internal sealed class ObjectStore(StoreLimits limits, StoreLog? log = null)
{
    // Real clusters never start at 1, and tests use small literals as "long gone".
    private const long FirstVersion = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly UidIndex _index = new();
    private long _version = FirstVersion;

    // What happened before is known to nobody here; a resource that is first asked for later has all its history since.
    private long _since = FirstVersion;

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
            return ShelfOf(shelf).Objects.Find(StoredObject.KeyOf(@namespace, name));
    }

    /// <summary>Adds an object; null when the name is taken.</summary>
    public StoredObject? TryAdd(string shelf, JsonObject node) => Write(shelf, node, expected: 0, ChangeKind.Added);

    /// <summary>Replaces the version that was read; null when somebody else was faster.</summary>
    public StoredObject? TryReplace(string shelf, StoredObject read, JsonObject node) =>
        Write(shelf, node, read.Version, ChangeKind.Modified);

    public StoredObject? TryRemove(string shelf, StoredObject read, JsonObject last) =>
        Write(shelf, last, read.Version, ChangeKind.Deleted);

    public (long Version, IReadOnlyList<StoredObject> Objects) List(string shelf, long? at = null) =>
        List(shelf, KeyRange.All, at);

    public (long Version, IReadOnlyList<StoredObject> Objects) List(string shelf, KeyRange range, long? at = null)
    {
        lock (_gate)
        {
            var found = ShelfOf(shelf);
            if (at is not { } version)
                return (_version, found.Objects.Range(range));
            if (version < found.OldestVersion)
                throw new VersionGoneException(version, found.OldestVersion);
            return version > _version ? throw new VersionAheadException(version, _version) : (version, found.At(version, range));
        }
    }

    /// <summary>The object with a uid, whatever its resource.</summary>
    public (string Shelf, StoredObject Stored)? FindByUid(string uid)
    {
        lock (_gate)
            return _index.Find(uid);
    }

    public IReadOnlyList<StoredObject> DependentsOf(string shelf, string owner)
    {
        lock (_gate)
            return [.. _index.DependentsOf(shelf, owner).Select(key => ShelfOf(shelf).Objects.Find(key)!)];
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
            // What history holds is due at once, however much it is.
            var missed = from is { } version ? found.Since(version) : [];
            var cursor = new WatchCursor(shelf, limits.Watch.Beside(missed), Close)
            {
                StartVersion = from ?? _version,
                Initial = from is null ? found.Objects.Range(KeyRange.All) : [],
            };
            foreach (var change in missed)
                cursor.Offer(new WatchItem(change, change.Version));
            found.Watchers.Add(cursor);
            return cursor;
        }
    }

    /// <summary>Puts a bookmark behind everything that the watcher was offered.</summary>
    public void Bookmark(WatchCursor cursor)
    {
        lock (_gate)
            cursor.Offer(new WatchItem(null, _version));
    }

    /// <summary>Forgets all history up to now, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _since = _version;
            foreach (var shelf in _shelves.Values)
                shelf.Forget(_version);
        }
    }

    /// <summary>Does something to the open watches of some resources.</summary>
    public void EndWatches(Func<string, bool> which, Action<WatchCursor> end)
    {
        lock (_gate)
        {
            foreach (var cursor in _shelves.Values.SelectMany(shelf => shelf.Watchers).Where(cursor => which(cursor.Shelf)))
                end(cursor);
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

    /// <summary>Takes what another process has left; its history is gone, so that older versions answer 410.</summary>
    public IReadOnlyList<(string Shelf, StoredObject Stored)> Restore(LogContent content)
    {
        lock (_gate)
        {
            _since = _version = Math.Max(FirstVersion, content.Version);
            foreach (var (name, stored) in content.Objects)
                Keep(name, ShelfOf(name), stored, null, isGone: false);
            return All();
        }
    }

    private List<(string Shelf, StoredObject Stored)> All() =>
        [.. _shelves.SelectMany(shelf => shelf.Value.Objects.Range(KeyRange.All).Select(stored => (shelf.Key, stored)))];

    private StoredObject? Write(string name, JsonObject node, long expected, ChangeKind kind)
    {
        StoreEvent change;
        lock (_gate)
        {
            var shelf = ShelfOf(name);
            var metadata = node["metadata"];
            var key = StoredObject.KeyOf(
                metadata?["namespace"]?.GetValue<string>() ?? "",
                metadata?["name"]?.GetValue<string>() ?? ""
            );
            var before = shelf.Objects.Find(key);
            if ((before?.Version ?? 0) != expected)
                return null;
            var written = new StoredObject(node, _version + 1);
            // Written before anybody can see it: what was acknowledged or watched outlives the process.
            log?.Append(name, written, isGone: kind == ChangeKind.Deleted);
            _version++;
            Keep(name, shelf, written, before, isGone: kind == ChangeKind.Deleted);
            change = new StoreEvent(kind, written, before);
            shelf.Record(change);
            if (log?.IsDue == true)
                log.Rewrite(All(), _version);
        }
        Changed?.Invoke(name, change);
        return change.Object;
    }

    private void Keep(string name, Shelf shelf, StoredObject written, StoredObject? before, bool isGone)
    {
        if (before is not null)
            _index.Remove(name, before);
        if (isGone)
        {
            shelf.Objects.Remove(written.Key);
            return;
        }
        shelf.Objects.Put(written);
        _index.Add(name, written);
    }

    private void Close(WatchCursor cursor)
    {
        lock (_gate)
            ShelfOf(cursor.Shelf).Watchers.Remove(cursor);
        cursor.Finish();
    }

    private Shelf ShelfOf(string name)
    {
        if (!_shelves.TryGetValue(name, out var shelf))
            _shelves[name] = shelf = new Shelf(_since, limits.History);
        return shelf;
    }
}

/// <summary>What bounds the memory of a store beside its objects.</summary>
internal sealed record StoreLimits(HistoryLimits History, WatchLimits Watch);

/// <summary>The asked version has left the history window.</summary>
internal sealed class VersionGoneException(long asked, long oldest) : Exception($"too old resource version: {asked} ({oldest})");

/// <summary>The asked version has not happened yet.</summary>
internal sealed class VersionAheadException(long asked, long current)
    : Exception($"Too large resource version: {asked}, current: {current}")
{
    public long Asked { get; } = asked;

    public long Current { get; } = current;
}
