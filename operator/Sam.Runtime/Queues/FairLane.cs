namespace Sam.Runtime.Queues;

/// <summary>First in, first out within a group; round robin between groups, so that a crowded namespace delays only itself.</summary>
/// <param name="groupOf">The group of a key.</param>
internal sealed class FairLane<TKey>(Func<TKey, string> groupOf)
    where TKey : notnull
{
    private readonly Dictionary<string, LinkedList<TKey>> _groups = [];
    private readonly LinkedList<string> _turns = [];
    private readonly Dictionary<TKey, LinkedListNode<TKey>> _nodes = [];

    public int Count => _nodes.Count;

    public void Add(TKey key)
    {
        var group = groupOf(key);
        if (!_groups.TryGetValue(group, out var keys))
        {
            _groups[group] = keys = [];
            _turns.AddLast(group);
        }

        _nodes[key] = keys.AddLast(key);
    }

    public bool Remove(TKey key)
    {
        if (!_nodes.Remove(key, out var node))
            return false;
        var group = groupOf(key);
        var keys = _groups[group];
        keys.Remove(node);
        if (keys.Count == 0)
        {
            _groups.Remove(group);
            _turns.Remove(group);
        }

        return true;
    }

    public bool TryTake(out TKey key)
    {
        if (_turns.First is not { } turn)
        {
            key = default!;
            return false;
        }

        var group = turn.Value;
        key = _groups[group].First!.Value;
        _turns.Remove(turn);
        _turns.AddLast(turn);
        Remove(key);
        return true;
    }
}
