using k8s;
using k8s.Models;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Informers;

/// <summary>Finds object keys by a value of theirs; guarded by the store's lock.</summary>
/// <param name="keysOf">The values of an object.</param>
internal sealed class KeyIndex<TEntity>(Func<TEntity, IEnumerable<string>> keysOf)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<string, HashSet<ObjectKey>> _buckets = [];

    /// <summary>The keys of the objects with this value.</summary>
    public IReadOnlyCollection<ObjectKey> Find(string value) => _buckets.TryGetValue(value, out var bucket) ? bucket : [];

    /// <summary>Moves an object from its old values to its new ones.</summary>
    public void Move(ObjectKey key, TEntity? old, TEntity? current)
    {
        foreach (var value in old is null ? [] : keysOf(old))
        {
            if (_buckets.TryGetValue(value, out var bucket) && bucket.Remove(key) && bucket.Count == 0)
                _buckets.Remove(value);
        }

        foreach (var value in current is null ? [] : keysOf(current))
        {
            if (!_buckets.TryGetValue(value, out var bucket))
                _buckets[value] = bucket = [];
            bucket.Add(key);
        }
    }
}
