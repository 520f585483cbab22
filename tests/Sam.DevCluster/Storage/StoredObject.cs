using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Storage;

/// <summary>One version of one object: encoded once, its bytes shared by every reader and watcher.</summary>
internal sealed class StoredObject
{
    private (object Key, byte[] Bytes)? _view;

    /// <summary>Stamps the version into the node and encodes it.</summary>
    public StoredObject(JsonObject node, long version)
        : this(node, version, Stamp(node, version)) { }

    private StoredObject(JsonObject node, long version, byte[] json)
    {
        var metadata = node.Metadata();
        Json = json;
        Version = version;
        Namespace = metadata.Text("namespace") ?? "";
        Name = metadata.Text("name") ?? "";
        Uid = metadata.Text("uid") ?? "";
        Labels = ReadLabels(metadata);
        IsDeleting = metadata.Text("deletionTimestamp") is not null;
        Owners = metadata.Array("ownerReferences") is { Count: > 0 } owners
            ? [.. owners.Select(owner => owner.Text("uid") ?? "")]
            : [];
        Key = KeyOf(Namespace, Name);
    }

    /// <summary>One that was encoded earlier, in the life of another process.</summary>
    public static StoredObject Restore(byte[] json, long version) => new(JsonReading.ParseObject(json), version, json);

    public static string KeyOf(string @namespace, string name) => @namespace.Length == 0 ? name : @namespace + "/" + name;

    public long Version { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public bool IsDeleting { get; }

    public IReadOnlyList<string> Owners { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public byte[] Json { get; }

    public string Key { get; }

    /// <summary>A fresh, mutable copy.</summary>
    public JsonObject Read() => JsonReading.ParseObject(Json);

    /// <summary>The bytes after a conversion that depends only on <paramref name="key"/>, kept for the next reader.</summary>
    public byte[] View(object key, Func<JsonObject, JsonObject> convert)
    {
        if (_view is { } cached && ReferenceEquals(cached.Key, key))
            return cached.Bytes;
        var bytes = GoOrder.Encode(convert(Read()));
        _view = (key, bytes);
        return bytes;
    }

    private static byte[] Stamp(JsonObject node, long version)
    {
        node.Metadata()["resourceVersion"] = version.ToString();
        return GoOrder.Encode(node);
    }

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private static IReadOnlyDictionary<string, string> ReadLabels(JsonObject metadata) =>
        metadata.Object("labels") is { Count: > 0 } labels
            ? labels.ToDictionary(pair => pair.Key, pair => pair.Value.Text() ?? "")
            : NoLabels;
}
