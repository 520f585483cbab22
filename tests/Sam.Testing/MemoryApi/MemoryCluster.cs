using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Sam.Runtime.Transport;
using Sam.Testing.Simulations;

namespace Sam.Testing.MemoryApi;

/// <summary>
/// A Kubernetes API in memory, just faithful enough for the runtime: versions, pages, watches, status, finalizers, conflicts. In a
/// simulation every request and answer is a turn of its own, and other threads are refused; without one it answers at once.
/// </summary>
/// <param name="simulation">Where it lives; null for tests in which only one thing happens at a time.</param>
public sealed class MemoryCluster(Simulation? simulation = null) : IKubernetesTransport
{
    private readonly List<MemoryWatch> _watches = [];
    private readonly Dictionary<string, int> _counts = [];
    private MemoryObjects? _objects;

    /// <summary>Every request so far, as "METHOD path", if <see cref="KeepsRequests"/>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Whether <see cref="Requests"/> is filled; off for long runs.</summary>
    public bool KeepsRequests { get; set; } = true;

    /// <summary>May answer in place of the cluster; asked first.</summary>
    public Func<TransportRequest, TransportResponse?> Fault { get; set; } = _ => null;

    /// <summary>Runs before a request is served; for what somebody else does at that moment.</summary>
    public Action<TransportRequest> Before { get; set; } = _ => { };

    /// <summary>Runs after a write was answered well; for those who count.</summary>
    public Action<TransportRequest> Written { get; set; } = _ => { };

    /// <summary>How long a request and an answer are on their way, in virtual time.</summary>
    public Func<TimeSpan> Latency { get; set; } = () => TimeSpan.Zero;

    /// <summary>New watches hear nothing until <see cref="ReleaseWatches"/>.</summary>
    public bool WatchesHold { get; set; }

    /// <summary>How many watches are open.</summary>
    public int OpenWatches => _watches.Count;

    /// <summary>How many writes were sent.</summary>
    public int Writes => _counts.Where(pair => pair.Key is "POST" or "PUT" or "PATCH" or "DELETE").Sum(pair => pair.Value);

    private MemoryObjects Objects => _objects ??= new MemoryObjects(Tell);

    /// <summary>The requests of a method.</summary>
    public IReadOnlyList<string> Sent(string method) =>
        [.. Requests.Where(request => request.StartsWith(method + " ", StringComparison.Ordinal))];

    /// <summary>A copy of an object.</summary>
    public JsonObject? Find(string path) => (JsonObject?)Objects.Find(path)?.DeepClone();

    /// <summary>Copies of a collection's objects.</summary>
    public IReadOnlyList<JsonObject> All(string collection) =>
        [.. Objects.In(collection).Select(entity => (JsonObject)entity.DeepClone())];

    /// <summary>Puts an object as a user would.</summary>
    public void Put(string path, string json) => Objects.Put(path, JsonNode.Parse(json)!.AsObject());

    /// <summary>Changes an object as somebody else would.</summary>
    public void Change(string path, Action<JsonObject> change)
    {
        var copy = (JsonObject)Objects.Find(path)!.DeepClone();
        change(copy);
        Objects.Put(path, copy);
    }

    /// <summary>Removes an object without asking its finalizers; silently, no watch hears of it.</summary>
    public void Remove(string path, bool silently = false) => Objects.Remove(path, silently);

    /// <summary>Forgets history: a watch from before is refused.</summary>
    public void Compact() => Objects.Compact();

    /// <summary>The server ends all watches.</summary>
    public void EndWatches() => Each(watch => watch.End());

    /// <summary>Tells all watches how far they are.</summary>
    public void SendBookmarks()
    {
        var version = Objects.Version.ToString(CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["resourceVersion"] = version };
        SendLine(
            new JsonObject
            {
                ["type"] = "BOOKMARK",
                ["object"] = new JsonObject { ["metadata"] = metadata },
            }.ToJsonString()
        );
    }

    /// <summary>Sends a line to all watches.</summary>
    public void SendLine(string line) => Each(watch => watch.Send(line));

    /// <summary>Lets watches that hold hear everything.</summary>
    public void ReleaseWatches()
    {
        WatchesHold = false;
        Each(watch => watch.Release());
    }

    /// <inheritdoc/>
    public async Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        simulation?.AssertInside("the API in memory");
        cancellationToken.ThrowIfCancellationRequested();
        await TravelAsync(cancellationToken);
        var answer = Answer(request);
        await TravelAsync(cancellationToken, answer);
        return answer;
    }

    /// <summary>A refusal as the API words it.</summary>
    public static TransportResponse Refuse(int code, string reason, TimeSpan? retryAfter = null) =>
        new(
            code,
            Body(
                $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"refused"}"""
            ),
            retryAfter
        );

    internal void Each(Action<MemoryWatch> act) => _watches.ToList().ForEach(act);

    /// <summary>Serves a request without faults.</summary>
    internal TransportResponse Serve(TransportRequest request)
    {
        var parts = request.Path.Split('?', 2);
        var query = HttpUtility.ParseQueryString(parts.Length > 1 ? parts[1] : "");
        if (request.IsWatch)
            return Watch(parts[0], long.Parse(query["resourceVersion"]!), query["timeoutSeconds"]);
        if (request.Method == HttpMethod.Get && Objects.Find(parts[0]) is null && MemoryPaths.IsCollection(parts[0]))
            return List(parts[0], query["limit"], query["continue"]);
        var answer = request.Method == HttpMethod.Post ? Create(parts[0], request) : ServeOne(request, parts[0]);
        if (answer.IsSuccess && request.Method != HttpMethod.Get)
            Written(request);
        return answer;
    }

    private TransportResponse Answer(TransportRequest request)
    {
        Before(request);
        if (KeepsRequests)
            Requests.Add($"{request.Method} {request.Path}");
        _counts[request.Method.Method] = _counts.GetValueOrDefault(request.Method.Method) + 1;
        return Fault(request) ?? Serve(request);
    }

    // A turn at least, so that the seed chooses who comes first.
    private async Task TravelAsync(CancellationToken cancellationToken, TransportResponse? answer = null)
    {
        if (simulation is null)
            return;
        try
        {
            if (Latency() is var latency && latency > TimeSpan.Zero)
                await Task.Delay(latency, simulation.Clock, cancellationToken);
            else
                await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            answer?.Dispose();
            throw;
        }
    }

    private TransportResponse Create(string collection, TransportRequest request)
    {
        var entity = JsonNode.Parse(request.Body!)!.AsObject();
        var path = $"{collection}/{entity["metadata"]!["name"]}";
        return Objects.Find(path) is not null ? Refuse(409, "AlreadyExists") : Ok(Objects.Put(path, entity), 201);
    }

    private TransportResponse ServeOne(TransportRequest request, string path)
    {
        var isStatus = path.EndsWith("/status", StringComparison.Ordinal);
        var target = isStatus ? path[..^"/status".Length] : path;
        if (Objects.Find(target) is not { } current)
            return Refuse(404, "NotFound");
        if (request.Method == HttpMethod.Get)
            return Ok(current);
        if (request.Method == HttpMethod.Delete)
            return Ok(Delete(target, current));
        var body = JsonNode.Parse(request.Body!)!.AsObject();
        var guard = body["metadata"]?["resourceVersion"]?.GetValue<string>();
        if (guard is not null && guard != current["metadata"]!["resourceVersion"]!.GetValue<string>())
            return Refuse(409, "Conflict");
        var next = request.Method == HttpMethod.Put ? body : (JsonObject)MemoryPaths.Merge(current.DeepClone(), body)!;
        var result = (JsonObject)(isStatus ? current : next).DeepClone();
        result["status"] = (isStatus ? next : current)["status"]?.DeepClone();
        if (result["status"] is null)
            result.Remove("status");
        return Ok(Objects.Put(target, result));
    }

    private JsonObject Delete(string path, JsonObject current)
    {
        if (current["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
            return Objects.Remove(path, silently: false);
        var copy = (JsonObject)current.DeepClone();
        copy["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        return Objects.Put(path, copy);
    }

    private TransportResponse List(string collection, string? limit, string? next)
    {
        var from = next is null ? 0 : int.Parse(next);
        var all = Objects.In(collection).ToList();
        var count = limit is null ? all.Count : int.Parse(limit);
        var metadata = new JsonObject { ["resourceVersion"] = Objects.Version.ToString(CultureInfo.InvariantCulture) };
        if (from + count < all.Count)
            metadata["continue"] = (from + count).ToString(CultureInfo.InvariantCulture);
        var items = new JsonArray([.. all.Skip(from).Take(count).Select(entity => entity.DeepClone())]);
        return Ok(
            new JsonObject
            {
                ["kind"] = "List",
                ["metadata"] = metadata,
                ["items"] = items,
            }
        );
    }

    private TransportResponse Watch(string collection, long from, string? timeoutSeconds)
    {
        if (from < Objects.Oldest)
            return Refuse(410, "Expired");
        var watch = new MemoryWatch(collection, WatchesHold) { Closed = closed => _watches.Remove(closed) };
        foreach (var line in Objects.Since(from, collection))
            watch.Send(line);
        _watches.Add(watch);
        if (simulation is not null && int.TryParse(timeoutSeconds, out var seconds))
            watch.Timer = simulation.Clock.CreateTimer(
                _ => watch.End(),
                null,
                TimeSpan.FromSeconds(seconds),
                Timeout.InfiniteTimeSpan
            );
        return new TransportResponse(200, Stream.Null, owner: watch, lines: watch);
    }

    private void Tell(string path, string line) =>
        _watches.FindAll(watch => MemoryPaths.IsIn(path, watch.Collection)).ForEach(watch => watch.Send(line));

    private static TransportResponse Ok(JsonObject body, int code = 200) => new(code, Body(body.ToJsonString()));

    private static MemoryStream Body(string json) => new(Encoding.UTF8.GetBytes(json));
}
