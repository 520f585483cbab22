using System.Text.Json;
using k8s;
using k8s.Models;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Informers;

/// <summary>What a watch can say.</summary>
internal enum WatchEventType
{
    /// <summary>An object appeared or changed.</summary>
    Changed,

    /// <summary>An object is gone.</summary>
    Deleted,

    /// <summary>Nothing before this version is still to come.</summary>
    Bookmark,
}

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object; only its version counts in a bookmark.</param>
internal sealed record WatchEvent<TEntity>(WatchEventType Type, TEntity Object)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads a line; an ERROR event is thrown, as its code says what to do.</summary>
    public static WatchEvent<TEntity> Parse(string line, ResourceKind kind)
    {
        using var document = JsonDocument.Parse(line);
        var type = document.RootElement.GetProperty("type").GetString();
        var body = document.RootElement.GetProperty("object");
        if (type == "ERROR")
            throw ToFault(KubernetesJson.Deserialize<V1Status>(body));
        var entity = ReadJson.Read<TEntity>(body);
        ResourceLister<TEntity>.Complete(entity, kind);
        return type switch
        {
            "ADDED" or "MODIFIED" => new WatchEvent<TEntity>(WatchEventType.Changed, entity),
            "DELETED" => new WatchEvent<TEntity>(WatchEventType.Deleted, entity),
            "BOOKMARK" => new WatchEvent<TEntity>(WatchEventType.Bookmark, entity),
            _ => throw new InvalidDataException($"A watch of {kind.Plural} sent an event of the unknown type {type}"),
        };
    }

    private static KubernetesApiException ToFault(V1Status status) =>
        new(status.Code ?? 500, status.Reason ?? "", $"The watch ended: {status.Message}");
}
