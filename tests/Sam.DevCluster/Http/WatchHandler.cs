using Sam.DevCluster.Faults;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>Streams changes; the bytes of an object are written as they lie in the store.</summary>
internal sealed class WatchHandler(ObjectStore store, DevClusterOptions options, DevClusterFaults faults, TableWriter tables)
{
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLast = TimeSpan.FromSeconds(1.5);

    public async Task RunAsync(HttpContext context, ResourceType type, Selection selection, AnswerForm form)
    {
        var query = context.Request.Query;
        ListOptions.CheckWatch(query);
        if (form == AnswerForm.Yaml)
            throw new StatusException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf",
                []
            );
        var version = ListOptions.SingleVersion(query);
        var hasBookmarks = query["allowWatchBookmarks"] == "true" || query["allowWatchBookmarks"] == "1";
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache, private";
        var stream = new WatchStream(
            context.Response.BodyWriter,
            type,
            selection,
            form,
            tables,
            query["includeObject"].ToString()
        );
        try
        {
            if (faults.Find(FaultAction.ExpireWatch, RequestFacts.OfWatch(type, selection.Namespace)) is not null)
                throw new VersionGoneException(version ?? 0, store.Version);
            using var cursor = Open(type.Shelf, version, query["sendInitialEvents"].ToString());
            await FollowAsync(context, cursor, stream, type, selection, hasBookmarks);
        }
        catch (VersionGoneException fault)
        {
            await stream.ErrorAsync(Failures.Expired(fault.Message), context.RequestAborted);
            await stream.FlushAsync(context.RequestAborted);
        }
        catch (VersionAheadException)
        {
            // Nothing has happened yet after such a version: the real server sends headers and waits.
            await stream.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeoutOf(query), options.TimeProvider, context.RequestAborted);
        }
    }

    private WatchCursor Open(string shelf, long? version, string sendInitial)
    {
        var wantsInitial = sendInitial == "true" || (sendInitial.Length == 0 && version is null or 0);
        return store.Watch(
            shelf,
            wantsInitial ? null
                : version is null or 0 ? store.Version
                : version
        );
    }

    private async Task FollowAsync(
        HttpContext context,
        WatchCursor cursor,
        WatchStream stream,
        ResourceType type,
        Selection selection,
        bool hasBookmarks
    )
    {
        var gone = context.RequestAborted;
        using var cut = cursor.IsCut.Register(context.Abort);
        using var timeout = options.TimeProvider.CreateTimer(
            _ => cursor.Finish(),
            null,
            TimeoutOf(context.Request.Query),
            Timeout.InfiniteTimeSpan
        );
        using var bookmarks = hasBookmarks ? Bookmarks(cursor, options.BookmarkInterval, options.BookmarkInterval) : null;
        // So that a client knows where to go on, it is told twice shortly before the end.
        using var last =
            hasBookmarks && TimeoutOf(context.Request.Query) - BeforeEnd is { Ticks: > 0 } wait
                ? Bookmarks(cursor, wait, BetweenLast)
                : null;
        var gate = new WatchFaultGate(faults, RequestFacts.OfWatch(type, selection.Namespace));
        if (!gate.IsHung)
        {
            foreach (var stored in cursor.Initial.Where(selection.Matches))
                await stream.AddedAsync(stored, gone);
            if (hasBookmarks && context.Request.Query["sendInitialEvents"] == "true")
                await stream.BookmarkAsync(cursor.StartVersion, isInitialEnd: true, gone);
        }
        await stream.FlushAsync(gone);
        while (await cursor.WaitAsync(gone))
        {
            while (!cursor.IsCut.IsCancellationRequested && cursor.TryTake(out var item))
            {
                if (gate.Cuts(item))
                    cursor.Cut();
                if (gate.IsHung || cursor.IsCut.IsCancellationRequested)
                    continue;
                if (item.Change is { } change)
                    await stream.WriteAsync(change, gone);
                else
                    await stream.BookmarkAsync(item.Version, isInitialEnd: false, gone);
            }
            await stream.FlushAsync(gone);
        }
        if (cursor.IsCut.IsCancellationRequested)
            context.Abort();
        else
            await gate.WhileHungAsync(gone);
    }

    private ITimer Bookmarks(WatchCursor cursor, TimeSpan first, TimeSpan interval) =>
        options.TimeProvider.CreateTimer(_ => store.Bookmark(cursor), null, first, interval);

    private TimeSpan TimeoutOf(IQueryCollection query) =>
        int.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : options.WatchTimeout;
}
