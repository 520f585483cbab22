using System.Globalization;
using System.Text.Json.Nodes;

namespace Sam.Testing.MemoryApi;

/// <summary>The objects of a <see cref="MemoryCluster"/> by path, with versions, generations and a history to watch from.</summary>
internal sealed class MemoryObjects(Action<string, string> tell)
{
    private const int HistoryLimit = 500;
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly Queue<(long Version, string Path, string Line)> _history = [];

    public long Version { get; private set; } = 100;

    public string VersionPrefix { get; set; } = "";

    /// <summary>The version as clients read it.</summary>
    public string Written => VersionPrefix + Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>A watch from before this version is refused.</summary>
    public long Oldest { get; private set; }

    public JsonObject? Find(string path) => _objects.GetValueOrDefault(path);

    public IEnumerable<JsonObject> In(string collection) =>
        _objects.Where(pair => MemoryPaths.IsIn(pair.Key, collection)).Select(pair => pair.Value);

    public IEnumerable<string> Since(long version, string collection) =>
        _history.Where(entry => entry.Version > version && MemoryPaths.IsIn(entry.Path, collection)).Select(entry => entry.Line);

    public void Compact() => Oldest = ++Version;

    /// <summary>Stores an object as it is to be; nothing happens if nothing changed, and it goes with its last finalizer.</summary>
    public JsonObject Put(string path, JsonObject entity)
    {
        var old = _objects.GetValueOrDefault(path);
        if (old is not null && Same(old, entity))
            return old;
        var metadata = entity["metadata"]!.AsObject();
        metadata["uid"] ??= $"{Version + 1:x8}-uid"; // names on engines are made of its first eight characters
        var generation = old?["metadata"]?["generation"]?.GetValue<long>() ?? 0;
        var isSameSpec = old is not null && JsonNode.DeepEquals(old["spec"], entity["spec"]);
        metadata["generation"] = isSameSpec ? generation : generation + 1;
        metadata["resourceVersion"] = Next();
        if (metadata["deletionTimestamp"] is not null && metadata["finalizers"] is not JsonArray { Count: > 0 })
        {
            _objects.Remove(path);
            Remember("DELETED", path, entity, silently: false);
            return entity;
        }

        _objects[path] = entity;
        Remember(old is null ? "ADDED" : "MODIFIED", path, entity, silently: false);
        return entity;
    }

    public JsonObject Remove(string path, bool silently)
    {
        var gone = _objects[path];
        _objects.Remove(path);
        gone["metadata"]!["resourceVersion"] = Next();
        Remember("DELETED", path, gone, silently);
        return gone;
    }

    private string Next()
    {
        Version++;
        return Written;
    }

    private void Remember(string type, string path, JsonObject entity, bool silently)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = entity.DeepClone() }.ToJsonString();
        _history.Enqueue((Version, path, line));
        if (_history.Count > HistoryLimit)
            Oldest = _history.Dequeue().Version;
        if (!silently)
            tell(path, line);
    }

    private static bool Same(JsonObject left, JsonObject right)
    {
        var (first, second) = ((JsonObject)left.DeepClone(), (JsonObject)right.DeepClone());
        foreach (var metadata in new[] { first["metadata"]!.AsObject(), second["metadata"]!.AsObject() })
        {
            metadata.Remove("resourceVersion");
            metadata.Remove("uid");
            metadata.Remove("generation");
        }

        return JsonNode.DeepEquals(first, second);
    }
}
