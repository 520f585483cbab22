using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>One client's side of a watch: lines, gathered until they are worth a packet.</summary>
internal sealed class WatchStream(
    PipeWriter body,
    ResourceType type,
    Selection selection,
    AnswerForm form,
    TableWriter tables,
    string include
)
{
    private const int Packet = 64 * 1024;

    private bool _hasColumns;
    private int _gathered;

    /// <summary>Writes a change as this watcher sees it: an object that enters or leaves the selection is added or deleted for it.</summary>
    public ValueTask WriteAsync(StoreEvent change, CancellationToken cancellationToken)
    {
        var was = change.Previous is { } before && selection.Matches(before);
        var isNow = change.Kind != ChangeKind.Deleted && selection.Matches(change.Object);
        return (was, isNow) switch
        {
            (false, true) => AddedAsync(change.Object, cancellationToken),
            (true, true) => LineAsync("{\"type\":\"MODIFIED\",\"object\":"u8, BytesOf(change.Object), cancellationToken),
            (true, false) => LineAsync("{\"type\":\"DELETED\",\"object\":"u8, BytesOf(AsLeft(change)), cancellationToken),
            _ => ValueTask.CompletedTask,
        };
    }

    public ValueTask AddedAsync(StoredObject stored, CancellationToken cancellationToken) =>
        LineAsync("{\"type\":\"ADDED\",\"object\":"u8, BytesOf(stored), cancellationToken);

    public ValueTask BookmarkAsync(long version, bool isInitialEnd, CancellationToken cancellationToken)
    {
        var metadata = Version(version);
        if (isInitialEnd)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var node = form switch
        {
            AnswerForm.Table => tables.Render(type, [], Version(version), include, !_hasColumns),
            AnswerForm.Partial or AnswerForm.PartialList => Bare("PartialObjectMetadata", "meta.k8s.io/v1", metadata),
            _ => Bare(type.Kind, type.ApiVersion, metadata),
        };
        return LineAsync("{\"type\":\"BOOKMARK\",\"object\":"u8, node.ToUtf8(), cancellationToken);
    }

    public ValueTask ErrorAsync(StatusException fault, CancellationToken cancellationToken) =>
        LineAsync("{\"type\":\"ERROR\",\"object\":"u8, fault.ToStatus().ToUtf8(), cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _gathered = 0;
        await body.FlushAsync(cancellationToken);
    }

    // Who leaves the selection is shown as it last was in it, at the version of the change.
    private static StoredObject AsLeft(StoreEvent change) =>
        change.Kind == ChangeKind.Deleted ? change.Object : new StoredObject(change.Previous!.Read(), change.Version);

    private ValueTask LineAsync(ReadOnlySpan<byte> head, byte[] bytes, CancellationToken cancellationToken)
    {
        // The writer of a connection that is gone is no longer there to be written to.
        cancellationToken.ThrowIfCancellationRequested();
        body.Write(head);
        body.Write(bytes);
        body.Write("}\n"u8);
        _gathered += head.Length + bytes.Length + 2;
        return _gathered < Packet ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    private byte[] BytesOf(StoredObject stored)
    {
        var bytes = form switch
        {
            AnswerForm.Table => tables.Render(type, [type.Read(stored)], Version(stored.Version), include, !_hasColumns).ToUtf8(),
            AnswerForm.Partial or AnswerForm.PartialList => TableWriter.Partial(type.Read(stored)).ToUtf8(),
            _ => type.Encode(stored),
        };
        _hasColumns = true;
        return bytes;
    }

    private static JsonObject Version(long version) => new() { ["resourceVersion"] = version.ToString() };

    private static JsonObject Bare(string kind, string apiVersion, JsonObject metadata) =>
        new()
        {
            ["kind"] = kind,
            ["apiVersion"] = apiVersion,
            ["metadata"] = metadata,
        };
}
