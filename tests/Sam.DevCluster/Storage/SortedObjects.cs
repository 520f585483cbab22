namespace Sam.DevCluster.Storage;

/// <summary>Objects in etcd's order, by bytes of namespace/name: one array, found by halves, copied by ranges.</summary>
internal sealed class SortedObjects
{
    private StoredObject[] _items = [];

    public int Count { get; private set; }

    public StoredObject? Find(string key)
    {
        var at = Search(key);
        return at >= 0 ? _items[at] : null;
    }

    public void Put(StoredObject stored)
    {
        var at = Search(stored.Key);
        if (at >= 0)
        {
            _items[at] = stored;
            return;
        }
        at = ~at;
        if (Count == _items.Length)
            Array.Resize(ref _items, Math.Max(8, Count * 2));
        Array.Copy(_items, at, _items, at + 1, Count - at);
        _items[at] = stored;
        Count++;
    }

    public void Remove(string key)
    {
        var at = Search(key);
        if (at < 0)
            return;
        Count--;
        Array.Copy(_items, at + 1, _items, at, Count - at);
        _items[Count] = null!;
        if (_items.Length > 64 && Count < _items.Length / 4)
            Array.Resize(ref _items, _items.Length / 2);
    }

    /// <summary>A copy of what lies in a range.</summary>
    public StoredObject[] Range(KeyRange range)
    {
        var from = range.From.Length == 0 ? 0 : FirstFrom(range.From);
        var to = range.Until.Length == 0 ? Count : FirstFrom(range.Until);
        return from >= to ? [] : _items[from..to];
    }

    private int FirstFrom(string key)
    {
        var at = Search(key);
        return at >= 0 ? at : ~at;
    }

    private int Search(string key)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_items[middle].Key, key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}

/// <summary>Keys from one (included) until another (excluded); an empty end is open.</summary>
internal readonly record struct KeyRange(string From, string Until)
{
    public static readonly KeyRange All = new("", "");

    /// <summary>The keys of a namespace, or all, behind a key.</summary>
    public static KeyRange Of(string @namespace, string after = "")
    {
        // '0' is the character after '/', and no key is between a key and itself with a zero.
        var whole = @namespace.Length == 0 ? All : new KeyRange(@namespace + "/", @namespace + "0");
        var next = after + '\0';
        return after.Length == 0 || string.CompareOrdinal(next, whole.From) <= 0 ? whole : whole with { From = next };
    }

    public bool Contains(string key) =>
        string.CompareOrdinal(key, From) >= 0 && (Until.Length == 0 || string.CompareOrdinal(key, Until) < 0);
}
