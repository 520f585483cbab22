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
public sealed partial class MemoryCluster(Simulation? simulation = null) : IKubernetesTransport
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

    /// <summary>What the server does when it is asked to begin a watch with everything.</summary>
    public Streaming Streams { get; set; } = Streaming.Supported;

    /// <summary>Written before every version, for a server whose versions are no numbers.</summary>
    public string VersionPrefix
    {
        get => Objects.VersionPrefix;
        set => Objects.VersionPrefix = value;
    }

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

    /// <summary>How many of a collection's objects are so; nothing is copied, so that it may be asked often.</summary>
    public int Count(string collection, Func<JsonObject, bool> which) => Objects.In(collection).Count(which);

    /// <summary>Puts an object as a user would.</summary>
    public void Put(string path, string json) => Objects.Put(path, JsonNode.Parse(json)!.AsObject());

    /// <summary>Changes an object as somebody else would.</summary>
    public void Change(string path, Action<JsonObject> change)
    {
        var copy = (JsonObject)Objects.Find(path)!.DeepClone();
        change(copy);
        Objects.Put(path, copy);
    }

    /// <summary>Asks for the end of an object as a user would; nothing happens if it is gone.</summary>
    public void BeginDelete(string path)
    {
        if (Objects.Find(path) is { } current)
            Delete(path, current);
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
        var metadata = new JsonObject { ["resourceVersion"] = Objects.Written };
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
    public Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return simulation is null
            ? Task.FromResult(Answer(request))
            : simulation.CarryAsync(Latency, () => Task.FromResult(Answer(request)), cancellationToken);
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
        if (request.IsWatch && query["sendInitialEvents"] is not null)
            return StreamAll(parts[0], query["resourceVersionMatch"], query["timeoutSeconds"]);
        if (request.IsWatch)
            return Watch(parts[0], query["resourceVersion"]!, query["timeoutSeconds"]);
        if (request.Method == HttpMethod.Get && Objects.Find(parts[0]) is null && MemoryPaths.IsCollection(parts[0]))
            return List(parts[0], query["limit"], query["continue"], query["labelSelector"]);
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
            return IsOther(request, current) ? Refuse(409, "Conflict") : Ok(Delete(target, current));
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

    private static bool IsOther(TransportRequest request, JsonObject current) =>
        request.Body is { Length: > 0 } body
        && JsonNode.Parse(body)?["preconditions"]?["uid"]?.GetValue<string>() is { } uid
        && uid != current["metadata"]!["uid"]!.GetValue<string>();

    private JsonObject Delete(string path, JsonObject current)
    {
        if (current["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
            return Objects.Remove(path, silently: false);
        var copy = (JsonObject)current.DeepClone();
        copy["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        return Objects.Put(path, copy);
    }

    private static TransportResponse Ok(JsonObject body, int code = 200) => new(code, Body(body.ToJsonString()));

    private static MemoryStream Body(string json) => new(Encoding.UTF8.GetBytes(json));
}
