using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>Streams changes; the bytes of an object are written as they lie in the store.</summary>
internal sealed class WatchHandler(ObjectStore store, DevClusterOptions options, DevClusterFaults faults, TableWriter tables)
{
    private static readonly byte[] End = "}\n"u8.ToArray();

    public async Task RunAsync(HttpContext context, ResourceType type, Selection selection, AnswerForm form)
    {
        var query = context.Request.Query;
        var initialOnly = query["sendInitialEvents"].ToString();
        ListOptions.CheckWatch(query);
        if (form == AnswerForm.Yaml)
            throw new StatusException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf",
                []
            );
        var version = ListOptions.Version(query);
        var wantsInitial = initialOnly == "true" || (initialOnly.Length == 0 && version is null or 0);
        var bookmarks = query["allowWatchBookmarks"] == "true" || query["allowWatchBookmarks"] == "1";
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        WatchCursor cursor;
        try
        {
            cursor = store.Watch(
                type.Shelf,
                wantsInitial ? null
                    : version is null or 0 ? store.Version
                    : version
            );
        }
        catch (VersionGoneException fault)
        {
            await WriteErrorAsync(context, Failures.Expired(fault.Message));
            return;
        }
        catch (VersionAheadException fault)
        {
            await WriteErrorAsync(context, Failures.TooLargeVersion(fault.Asked, fault.Current));
            return;
        }
        using var _ = cursor;
        using var timeout = new CancellationTokenSource(TimeoutOf(query), options.TimeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        var stream = new WatchStream(context, type, selection, form, tables, query["includeObject"].ToString());
        try
        {
            foreach (var stored in cursor.Initial.Where(selection.Matches))
                await stream.WriteAsync("ADDED", stored, ending.Token);
            if (initialOnly == "true" && bookmarks)
                await stream.BookmarkAsync(cursor.StartVersion, isInitialEnd: true, ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            await FollowAsync(cursor, stream, type, selection, bookmarks, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (timeout.IsCancellationRequested && bookmarks && !context.RequestAborted.IsCancellationRequested)
                await stream.BookmarkAsync(store.Version, isInitialEnd: false, CancellationToken.None);
        }
    }

    private async Task FollowAsync(
        WatchCursor cursor,
        WatchStream stream,
        ResourceType type,
        Selection selection,
        bool bookmarks,
        CancellationToken cancellationToken
    )
    {
        var pending = cursor.Changes.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (bookmarks)
            {
                while (
                    await Task.WhenAny(pending, Task.Delay(options.BookmarkInterval, options.TimeProvider, cancellationToken))
                    != pending
                )
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await stream.BookmarkAsync(store.Version, isInitialEnd: false, cancellationToken);
                }
            }
            if (!await pending)
                return;
            while (cursor.Changes.TryRead(out var change))
            {
                if (!faults.IsSilenced(type.Plural))
                    await stream.WriteAsync(change, selection, cancellationToken);
            }
            await stream.FlushAsync(cancellationToken);
            pending = cursor.Changes.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    private TimeSpan TimeoutOf(IQueryCollection query) =>
        int.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : options.WatchTimeout;

    private static async Task WriteErrorAsync(HttpContext context, StatusException fault)
    {
        var line = new JsonObject { ["type"] = "ERROR", ["object"] = fault.ToStatus() };
        await context.Response.Body.WriteAsync(line.ToUtf8(), context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
    }

    /// <summary>One client's side of a watch.</summary>
    private sealed class WatchStream(
        HttpContext context,
        ResourceType type,
        Selection selection,
        AnswerForm form,
        TableWriter tables,
        string include
    )
    {
        private bool _hasColumns;

        public Task FlushAsync(CancellationToken cancellationToken) => context.Response.Body.FlushAsync(cancellationToken);

        // An object that enters or leaves the selection is added or deleted for this watcher.
        public Task WriteAsync(StoreEvent change, Selection which, CancellationToken cancellationToken)
        {
            var was = change.Previous is { } before && which.Matches(before);
            var isNow = change.Kind != ChangeKind.Deleted && which.Matches(change.Object);
            return (was, isNow) switch
            {
                (false, true) => WriteAsync("ADDED", change.Object, cancellationToken),
                (true, true) => WriteAsync("MODIFIED", change.Object, cancellationToken),
                (true, false) => WriteAsync("DELETED", change.Object, cancellationToken),
                _ => Task.CompletedTask,
            };
        }

        public async Task WriteAsync(string kind, StoredObject stored, CancellationToken cancellationToken)
        {
            _ = selection;
            var bytes = form switch
            {
                AnswerForm.Table => tables
                    .Render(type, [type.Read(stored)], Version(stored.Version), include, !_hasColumns)
                    .ToUtf8(),
                AnswerForm.Partial or AnswerForm.PartialList => TableWriter.Partial(type.Read(stored)).ToUtf8(),
                _ => type.Encode(stored),
            };
            _hasColumns = true;
            await LineAsync(kind, bytes, cancellationToken);
        }

        public async Task BookmarkAsync(long version, bool isInitialEnd, CancellationToken cancellationToken)
        {
            var metadata = new JsonObject { ["resourceVersion"] = version.ToString() };
            if (isInitialEnd)
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            var node = form switch
            {
                AnswerForm.Table => tables.Render(type, [], Version(version), include, !_hasColumns),
                AnswerForm.Partial or AnswerForm.PartialList => new JsonObject
                {
                    ["kind"] = "PartialObjectMetadata",
                    ["apiVersion"] = "meta.k8s.io/v1",
                    ["metadata"] = metadata,
                },
                _ => new JsonObject
                {
                    ["kind"] = type.Kind,
                    ["apiVersion"] = type.ApiVersion,
                    ["metadata"] = metadata,
                },
            };
            await LineAsync("BOOKMARK", node.ToUtf8(), cancellationToken);
            await FlushAsync(cancellationToken);
        }

        private static JsonObject Version(long version) => new() { ["resourceVersion"] = version.ToString() };

        private async Task LineAsync(string kind, byte[] bytes, CancellationToken cancellationToken)
        {
            await context.Response.Body.WriteAsync(
                System.Text.Encoding.UTF8.GetBytes($"{{\"type\":\"{kind}\",\"object\":"),
                cancellationToken
            );
            await context.Response.Body.WriteAsync(bytes, cancellationToken);
            await context.Response.Body.WriteAsync(End, cancellationToken);
        }
    }
}
