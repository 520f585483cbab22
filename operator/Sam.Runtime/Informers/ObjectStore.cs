using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Informers;

/// <summary>A named index: the keys under which an object is found.</summary>
/// <param name="Name">The index's name.</param>
/// <param name="Keys">The keys of an object.</param>
public sealed record IndexDefinition<TEntity>(string Name, Func<TEntity, IEnumerable<string>> Keys);

/// <summary>
/// The read cache of one kind. It is fed by watches, and by our own writes, which it shows before the watch tells of them:
/// nobody acts on a version older than one that this process wrote.
/// </summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <param name="indexes">The named indexes.</param>
/// <param name="selection">What the informer selects, if not everything.</param>
public sealed class ObjectStore<TEntity>(
    IEnumerable<IndexDefinition<TEntity>> indexes,
    InformerSelection<TEntity>? selection = null
) : IResourceStore<TEntity>, IWriteObserver<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    // A version that this process knows of and the watch has not told yet, and what readers of the watch last saw.
    private readonly record struct Ahead(string Version, TEntity? Before);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, TEntity> _objects = [];
    private readonly Dictionary<ObjectKey, Ahead> _ahead = [];
    private readonly Dictionary<string, string> _progress = [];
    private readonly KeyIndex<TEntity> _byNamespace = new(entity => [entity.Metadata.NamespaceProperty ?? ""]);
    private readonly Dictionary<string, KeyIndex<TEntity>> _indexes = indexes.ToDictionary(
        index => index.Name,
        index => new KeyIndex<TEntity>(index.Keys)
    );

    /// <summary>How many objects it holds.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _objects.Count;
        }
    }

    /// <inheritdoc/>
    public TEntity? Get(string @namespace, string name)
    {
        lock (_lock)
            return _objects.GetValueOrDefault(new ObjectKey(@namespace, name));
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<TEntity> List(string? @namespace = null)
    {
        lock (_lock)
            return @namespace is null ? [.. _objects.Values] : Resolve(_byNamespace.Find(@namespace));
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<TEntity> ByIndex(string index, string key)
    {
        lock (_lock)
            return _indexes.TryGetValue(index, out var found)
                ? Resolve(found.Find(key))
                : throw new ArgumentException($"There is no index {index} of {typeof(TEntity).Name}", nameof(index));
    }

    /// <inheritdoc/>
    public void Seen(TEntity entity)
    {
        var key = ObjectKey.Of(entity);
        var version = entity.Metadata.ResourceVersion;
        lock (_lock)
        {
            var known = _ahead.TryGetValue(key, out var ahead)
                ? ahead.Version
                : _objects.GetValueOrDefault(key)?.Metadata.ResourceVersion;
            // Whether the selection takes in what it did not hold, only the watch knows.
            if (selection is not null && !_objects.ContainsKey(key))
                return;
            // What no scope of ours covers is not ours; what the watch passed already is no news: it may be gone again since.
            if (
                Progress(key.Namespace) is null
                || ResourceVersion.IsAtLeast(Progress(key.Namespace), version)
                || (known is not null && !ResourceVersion.IsNewer(version, known))
            )
                return;
            var before = _ahead.ContainsKey(key) ? ahead.Before : _objects.GetValueOrDefault(key);
            _ahead[key] = new Ahead(version, before);
            // The last finalizer's removal is the end of the object.
            Put(key, entity.Metadata is { DeletionTimestamp: not null, Finalizers: null or { Count: 0 } } ? default : entity);
        }
    }

    /// <summary>Takes a watched change in; returns what readers saw before and see now, or null if there is nothing to tell.</summary>
    internal StoreChange<TEntity>? Apply(string scope, WatchEvent<TEntity> change)
    {
        var key = ObjectKey.Of(change.Object);
        var version = change.Object.Metadata.ResourceVersion;
        lock (_lock)
        {
            _progress[scope] = version;
            if (change.Type == WatchEventType.Bookmark)
                return null;
            var isAhead = _ahead.TryGetValue(key, out var ahead);
            var before = isAhead ? ahead.Before : _objects.GetValueOrDefault(key);
            if (isAhead && ResourceVersion.IsNewer(ahead.Version, version))
            {
                // An older step of a story whose end we know: readers of the watch follow it, the cache does not go back.
                var now = change.Type == WatchEventType.Deleted ? default : change.Object;
                if (now is null && !_objects.ContainsKey(key))
                    _ahead.Remove(key);
                else
                    _ahead[key] = ahead with { Before = now };
                return new StoreChange<TEntity>(before, now);
            }

            _ahead.Remove(key);
            var after = change.Type == WatchEventType.Deleted ? default : change.Object;
            Put(key, after);
            return before is null && after is null ? null : new StoreChange<TEntity>(before, after);
        }
    }

    /// <summary>Replaces a scope by a list; returns every difference, deletes included.</summary>
    internal IReadOnlyList<StoreChange<TEntity>> Replace(string scope, ResourceSnapshot<TEntity> snapshot)
    {
        var changes = new List<StoreChange<TEntity>>();
        lock (_lock)
        {
            _progress[scope] = snapshot.ResourceVersion;
            var gone = scope.Length == 0 ? [.. _objects.Keys] : new HashSet<ObjectKey>(_byNamespace.Find(scope));
            gone.UnionWith(_ahead.Keys.Where(key => scope.Length == 0 || key.Namespace == scope));
            foreach (var entity in snapshot.Items)
            {
                gone.Remove(ObjectKey.Of(entity));
                ReplaceOne(entity, snapshot.ResourceVersion, changes);
            }

            foreach (var key in gone)
                RemoveGone(key, snapshot.ResourceVersion, changes);
        }

        return changes;
    }

    private void ReplaceOne(TEntity entity, string listVersion, List<StoreChange<TEntity>> changes)
    {
        var key = ObjectKey.Of(entity);
        var isAhead = _ahead.TryGetValue(key, out var ahead);
        if (isAhead && ResourceVersion.IsNewer(ahead.Version, listVersion))
            return;
        _ahead.Remove(key);
        var before = isAhead ? ahead.Before : _objects.GetValueOrDefault(key);
        Put(key, entity);
        if (before?.Metadata.ResourceVersion != entity.Metadata.ResourceVersion || before.Metadata.Uid != entity.Metadata.Uid)
            changes.Add(new StoreChange<TEntity>(before, entity));
    }

    private void RemoveGone(ObjectKey key, string listVersion, List<StoreChange<TEntity>> changes)
    {
        var isAhead = _ahead.TryGetValue(key, out var ahead);
        if (isAhead && ResourceVersion.IsNewer(ahead.Version, listVersion))
            return;
        _ahead.Remove(key);
        var before = isAhead ? ahead.Before : _objects.GetValueOrDefault(key);
        Put(key, default);
        if (before is not null)
            changes.Add(new StoreChange<TEntity>(before, default));
    }

    private string? Progress(string @namespace) => _progress.GetValueOrDefault(@namespace) ?? _progress.GetValueOrDefault("");

    private void Put(ObjectKey key, TEntity? entity)
    {
        var old = _objects.GetValueOrDefault(key);
        _byNamespace.Move(key, old, entity);
        foreach (var index in _indexes.Values)
            index.Move(key, old, entity);
        if (entity is null)
            _objects.Remove(key);
        else
            _objects[key] = entity;
    }

    private TEntity[] Resolve(IEnumerable<ObjectKey> keys) => [.. keys.Select(key => _objects[key])];
}

/// <summary>What readers saw before and see now; null where there is no object.</summary>
/// <param name="Old">Before.</param>
/// <param name="New">Now.</param>
internal sealed record StoreChange<TEntity>(TEntity? Old, TEntity? New);
