using System.Runtime.InteropServices;

namespace Sam.DevCluster.Storage;

/// <summary>The recent changes of one resource in the order of versions, bounded by their number and by their bytes.</summary>
internal sealed class ChangeHistory(long since, HistoryLimits limits)
{
    private readonly List<StoreEvent> _changes = [];
    private int _first;
    private long _bytes;

    /// <summary>Versions below this one are forgotten.</summary>
    public long OldestVersion { get; private set; } = since;

    public void Add(StoreEvent change)
    {
        _changes.Add(change);
        _bytes += change.Object.Json.Length;
        while (_changes.Count - _first > limits.Changes || (_bytes > limits.Bytes && _changes.Count - _first > 1))
            Drop();
        Shrink();
    }

    public void Forget(long version)
    {
        while (_first < _changes.Count && _changes[_first].Version <= version)
            Drop();
        Shrink();
        OldestVersion = Math.Max(OldestVersion, version);
    }

    public ReadOnlySpan<StoreEvent> Since(long version)
    {
        var kept = CollectionsMarshal.AsSpan(_changes)[_first..];
        var (low, high) = (0, kept.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (kept[middle].Version <= version)
                low = middle + 1;
            else
                high = middle;
        }
        return kept[low..];
    }

    private void Drop()
    {
        _bytes -= _changes[_first].Object.Json.Length;
        OldestVersion = _changes[_first].Version;
        _changes[_first++] = null!;
    }

    // Moves what is kept to the front now and then: each change moves less than once on average.
    private void Shrink()
    {
        if (_first <= 64 || _first < _changes.Count / 2)
            return;
        _changes.RemoveRange(0, _first);
        _first = 0;
    }
}

/// <summary>How much history one resource keeps.</summary>
internal readonly record struct HistoryLimits(int Changes, long Bytes);
