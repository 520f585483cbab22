using System.Collections;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Observability;

/// <summary>The keys that every log line of a run carries, also those of libraries that know nothing of Kubernetes.</summary>
/// <param name="kind">The object's kind.</param>
/// <param name="key">The object.</param>
/// <param name="uid">Its UID, if it is known.</param>
/// <param name="reconcileId">The run: its trace's id, or its number where nobody traces.</param>
internal sealed class ReconcileScope(string kind, ObjectKey key, string? uid, string reconcileId)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 5;

    public KeyValuePair<string, object?> this[int index] =>
        index switch
        {
            0 => new("Kind", kind),
            1 => new("Namespace", key.Namespace),
            2 => new("Name", key.Name),
            3 => new("Uid", uid),
            4 => new("ReconcileId", reconcileId),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{kind} {key} ({uid}), run {reconcileId}";
}
