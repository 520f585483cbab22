namespace Sam.DevCluster.Storage;

/// <summary>What happened to an object.</summary>
internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change in the order of resource versions; <see cref="Previous"/> lets selectors and snapshots look back.</summary>
internal sealed record StoreEvent(ChangeKind Kind, StoredObject Object, StoredObject? Previous)
{
    public long Version => Object.Version;
}
