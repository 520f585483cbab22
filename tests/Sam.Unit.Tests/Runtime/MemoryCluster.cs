using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A Kubernetes API in memory, just faithful enough for the runtime: versions, pages, watches, status, finalizers, conflicts.</summary>
internal sealed class MemoryCluster : IKubernetesTransport
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Type, string Path, string Json)> _history = [];
    private readonly List<MemoryWatch> _watches = [];
    private long _version = 100;
    private long _oldest;

    /// <summary>Every request so far, as "METHOD path".</summary>
    public List<string> Requests { get; } = [];

    /// <summary>May answer in place of the cluster; asked first.</summary>
    public Func<TransportRequest, TransportResponse?> Fault { get; set; } = _ => null;

    /// <summary>Runs before a request is served; for what somebody else does at that moment.</summary>
    public Action<TransportRequest> Before { get; set; } = _ => { };

    /// <summary>New watches hear nothing until this is false again.</summary>
    public bool WatchesHold { get; set; }

    /// <summary>What the server does when it is asked to begin a watch with everything.</summary>
    public Streaming Streams { get; set; } = Streaming.Supported;

    /// <summary>Written before every version, for a server whose versions are no numbers.</summary>
    public string VersionPrefix { get; set; } = "";

    public int OpenWatches
    {
        get
        {
            lock (_lock)
                return _watches.Count(watch => watch.IsOpen);
        }
    }

    public IReadOnlyList<string> Sent(string method)
    {
        lock (_lock)
            return [.. Requests.Where(request => request.StartsWith(method + " ", StringComparison.Ordinal))];
    }

    public int Writes() => Sent("POST").Count + Sent("PUT").Count + Sent("PATCH").Count + Sent("DELETE").Count;

    public JsonObject? Find(string path)
    {
        lock (_lock)
            return (JsonObject?)_objects.GetValueOrDefault(path)?.DeepClone();
    }

    public IReadOnlyList<JsonObject> All(string collection)
    {
        lock (_lock)
            return [.. _objects.Where(pair => IsIn(pair.Key, collection)).Select(pair => (JsonObject)pair.Value.DeepClone())];
    }

    /// <summary>Puts an object as a user would.</summary>
    public void Put(string path, string json)
    {
        lock (_lock)
            Store(path, JsonNode.Parse(json)!.AsObject());
    }

    /// <summary>Changes an object as somebody else would.</summary>
    public void Change(string path, Action<JsonObject> change)
    {
        lock (_lock)
        {
            var copy = (JsonObject)_objects[path].DeepClone();
            change(copy);
            Store(path, copy);
        }
    }

    public void Remove(string path, bool silently = false)
    {
        lock (_lock)
        {
            var gone = _objects[path];
            _objects.Remove(path);
            Tell("DELETED", path, gone, silently);
        }
    }

    /// <summary>Forgets history: a watch from before is refused.</summary>
    public void Compact()
    {
        lock (_lock)
            _oldest = ++_version;
    }

    public void EndWatches()
    {
        lock (_lock)
            _watches.ForEach(watch => watch.End());
    }

    public void SendBookmarks() =>
        SendLine(
            new JsonObject
            {
                ["type"] = "BOOKMARK",
                ["object"] = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = WriteVersion() } },
            }
        );

    public void SendLine(JsonObject line)
    {
        lock (_lock)
            _watches.ForEach(watch => watch.Send(line.ToJsonString()));
    }

    public void ReleaseWatches()
    {
        lock (_lock)
        {
            WatchesHold = false;
            _watches.ForEach(watch => watch.Release());
        }
    }

    public Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Before(request);
        lock (_lock)
        {
            Requests.Add($"{request.Method} {request.Path}");
            if (Fault(request) is { } fault)
                return Task.FromResult(fault);
            var parts = request.Path.Split('?', 2);
            var query = HttpUtility.ParseQueryString(parts.Length > 1 ? parts[1] : "");
            return Task.FromResult(
                request.IsWatch && query["sendInitialEvents"] is not null ? Stream(parts[0], query["resourceVersionMatch"])
                : request.IsWatch ? Watch(parts[0], ReadVersion(query["resourceVersion"]!))
                : request.Method == HttpMethod.Get && !_objects.ContainsKey(parts[0]) && IsCollection(parts[0])
                    ? List(parts[0], query["limit"], query["continue"])
                : Serve(request, parts[0])
            );
        }
    }

    public static TransportResponse Refuse(int code, string reason, TimeSpan? retryAfter = null) =>
        new(
            code,
            Body(
                $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"refused"}"""
            ),
            retryAfter
        );

    private TransportResponse Serve(TransportRequest request, string path)
    {
        if (request.Method == HttpMethod.Post)
            return Create(path, JsonNode.Parse(request.Body!)!.AsObject());
        var isStatus = path.EndsWith("/status", StringComparison.Ordinal);
        var target = isStatus ? path[..^"/status".Length] : path;
        if (!_objects.TryGetValue(target, out var current))
            return Refuse(404, "NotFound");
        if (request.Method == HttpMethod.Get)
            return Ok(current);
        if (request.Method == HttpMethod.Delete)
            return Delete(target, current);
        var body = JsonNode.Parse(request.Body!)!.AsObject();
        if (body["metadata"]?["resourceVersion"]?.GetValue<string>() is { } guard && guard != Version(current))
            return Refuse(409, "Conflict");
        var next = request.Method == HttpMethod.Put ? body : (JsonObject)Merge(current.DeepClone(), body)!;
        var result = (JsonObject)(isStatus ? current : next).DeepClone();
        result["status"] = (isStatus ? next : current)["status"]?.DeepClone();
        if (result["status"] is null)
            result.Remove("status");
        return Ok(Store(target, result));
    }

    private TransportResponse Create(string collection, JsonObject entity)
    {
        var path = $"{collection}/{entity["metadata"]!["name"]}";
        return _objects.ContainsKey(path) ? Refuse(409, "AlreadyExists") : Ok(Store(path, entity), 201);
    }

    private TransportResponse Delete(string path, JsonObject current)
    {
        if (current["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
        {
            Remove(path);
            return Ok(current);
        }

        var copy = (JsonObject)current.DeepClone();
        copy["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        return Ok(Store(path, copy));
    }

    private JsonObject Store(string path, JsonObject entity)
    {
        var old = _objects.GetValueOrDefault(path);
        if (old is not null && Same(old, entity))
            return old;
        var metadata = entity["metadata"]!.AsObject();
        metadata["uid"] ??= $"uid-{_version + 1}";
        var generation = old?["metadata"]?["generation"]?.GetValue<long>() ?? 0;
        metadata["generation"] =
            JsonNode.DeepEquals(old?["spec"], entity["spec"]) && old is not null ? generation : generation + 1;
        _version++;
        metadata["resourceVersion"] = WriteVersion();
        if (metadata["deletionTimestamp"] is not null && metadata["finalizers"] is not JsonArray { Count: > 0 })
        {
            _objects.Remove(path);
            Tell("DELETED", path, entity, false, keepVersion: true);
            return entity;
        }

        _objects[path] = entity;
        Tell(old is null ? "ADDED" : "MODIFIED", path, entity, false, keepVersion: true);
        return entity;
    }

    private void Tell(string type, string path, JsonObject entity, bool silently, bool keepVersion = false)
    {
        var copy = (JsonObject)entity.DeepClone();
        if (!keepVersion)
        {
            _version++;
            copy["metadata"]!["resourceVersion"] = WriteVersion();
        }

        var line = new JsonObject { ["type"] = type, ["object"] = copy }.ToJsonString();
        _history.Add((_version, type, path, line));
        if (silently)
            return;
        foreach (var watch in _watches.Where(watch => IsIn(path, watch.Collection)))
            watch.Send(line);
    }

    private TransportResponse List(string collection, string? limit, string? next)
    {
        var from = next is null ? 0 : int.Parse(next);
        var all = _objects.Where(pair => IsIn(pair.Key, collection)).Select(pair => pair.Value).ToList();
        var count = limit is null ? all.Count : int.Parse(limit);
        var metadata = new JsonObject { ["resourceVersion"] = WriteVersion() };
        if (from + count < all.Count)
            metadata["continue"] = (from + count).ToString();
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

    private TransportResponse Watch(string collection, long from)
    {
        if (from < _oldest)
            return Refuse(410, "Expired");
        var watch = new MemoryWatch(collection, WatchesHold);
        foreach (var (_, _, _, json) in _history.Where(change => change.Version > from && IsIn(change.Path, collection)))
            watch.Send(json);
        _watches.Add(watch);
        return new TransportResponse(200, watch.Stream, owner: watch);
    }

    private TransportResponse Stream(string collection, string? match)
    {
        if (Streams == Streaming.Refused || match != "NotOlderThan")
            return Refuse(422, "Invalid");
        var watch = new MemoryWatch(collection, WatchesHold);
        foreach (var entity in _objects.Where(pair => IsIn(pair.Key, collection)).Select(pair => pair.Value))
            watch.Send(new JsonObject { ["type"] = "ADDED", ["object"] = entity.DeepClone() }.ToJsonString());
        var metadata = new JsonObject { ["resourceVersion"] = WriteVersion() };
        if (Streams == Streaming.Supported)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        if (Streams != Streaming.NeverEnds)
            watch.Send(
                new JsonObject { ["type"] = "BOOKMARK", ["object"] = new JsonObject { ["metadata"] = metadata } }.ToJsonString()
            );
        _watches.Add(watch);
        return new TransportResponse(200, watch.Stream, owner: watch);
    }

    private string WriteVersion() => VersionPrefix + _version.ToString();

    private long ReadVersion(string version) => long.Parse(version[VersionPrefix.Length..]);

    private static bool IsCollection(string path) => path.Split('/')[^1].EndsWith('s');

    private static bool IsIn(string path, string collection)
    {
        var plural = collection[(collection.LastIndexOf('/') + 1)..];
        var parent = path[..path.LastIndexOf('/')];
        return parent == collection
            || (
                !collection.Contains("/namespaces/", StringComparison.Ordinal)
                && parent.EndsWith($"/{plural}", StringComparison.Ordinal)
                && parent.StartsWith(collection[..collection.LastIndexOf('/')], StringComparison.Ordinal)
            );
    }

    private static bool Same(JsonObject left, JsonObject right)
    {
        var (first, second) = ((JsonObject)left.DeepClone(), (JsonObject)right.DeepClone());
        foreach (var entity in new[] { first, second })
        {
            entity["metadata"]!.AsObject().Remove("resourceVersion");
            entity["metadata"]!.AsObject().Remove("uid");
            entity["metadata"]!.AsObject().Remove("generation");
        }

        return JsonNode.DeepEquals(first, second);
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }

    private static string Version(JsonObject entity) => entity["metadata"]!["resourceVersion"]!.GetValue<string>();

    private static TransportResponse Ok(JsonObject body, int code = 200) => new(code, Body(body.ToJsonString()));

    private static MemoryStream Body(string json) => new(Encoding.UTF8.GetBytes(json));
}

/// <summary>How a server answers to sendInitialEvents.</summary>
internal enum Streaming
{
    /// <summary>As documented.</summary>
    Supported,

    /// <summary>Says that it does not know the parameter.</summary>
    Refused,

    /// <summary>Ignores the parameter: objects, then an ordinary bookmark.</summary>
    IgnoredWithBookmark,

    /// <summary>Ignores the parameter: objects, then nothing.</summary>
    NeverEnds,
}

/// <summary>An open watch of <see cref="MemoryCluster"/>.</summary>
internal sealed class MemoryWatch(string collection, bool holds) : IDisposable
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly List<string> _held = [];
    private bool _holds = holds;

    public string Collection { get; } = collection;

    public Stream Stream => _pipe.Reader.AsStream();

    public bool IsOpen { get; private set; } = true;

    public void Send(string line)
    {
        if (!IsOpen)
            return;
        if (_holds)
        {
            _held.Add(line);
            return;
        }

        _pipe.Writer.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _ = _pipe.Writer.FlushAsync().AsTask();
    }

    public void Release()
    {
        _holds = false;
        _held.ForEach(Send);
        _held.Clear();
    }

    public void End()
    {
        IsOpen = false;
        _pipe.Writer.Complete();
    }

    public void Dispose() => IsOpen = false;
}
