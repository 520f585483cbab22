namespace Sam.DevCluster.Storage;

/// <summary>Finds objects by uid, and those that name a uid as their owner.</summary>
internal sealed class UidIndex
{
    private readonly Dictionary<string, (string Shelf, StoredObject Stored)> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<(string Shelf, string Key)>> _dependents = new(StringComparer.Ordinal);

    public void Add(string shelf, StoredObject stored)
    {
        _objects[stored.Uid] = (shelf, stored);
        foreach (var owner in stored.Owners)
        {
            if (!_dependents.TryGetValue(owner, out var keys))
                _dependents[owner] = keys = [];
            keys.Add((shelf, stored.Key));
        }
    }

    public void Remove(string shelf, StoredObject stored)
    {
        _objects.Remove(stored.Uid);
        foreach (var owner in stored.Owners)
        {
            if (_dependents.TryGetValue(owner, out var keys) && keys.Remove((shelf, stored.Key)) && keys.Count == 0)
                _dependents.Remove(owner);
        }
    }

    public (string Shelf, StoredObject Stored)? Find(string uid) => _objects.TryGetValue(uid, out var found) ? found : null;

    public IEnumerable<string> DependentsOf(string shelf, string owner) =>
        _dependents.GetValueOrDefault(owner)?.Where(entry => entry.Shelf == shelf).Select(entry => entry.Key) ?? [];
}
