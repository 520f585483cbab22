using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Runtime.Transport;

namespace Sam.Testing.MemoryApi;

/// <summary>Lists, watches, and watches that begin with everything.</summary>
public sealed partial class MemoryCluster
{
    private TransportResponse List(string collection, string? limit, string? next, string? selector)
    {
        var from = next is null ? 0 : int.Parse(next);
        var all = Objects.In(collection).Where(entity => IsSelected(entity, selector)).ToList();
        var count = limit is null ? all.Count : int.Parse(limit);
        var metadata = new JsonObject { ["resourceVersion"] = Objects.Written };
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

    // As far as the operator asks: "key" and "key=value", all of which must hold.
    private static bool IsSelected(JsonObject entity, string? selector) =>
        (selector ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(term => term.Split('=', 2))
            .All(term =>
                entity["metadata"]!["labels"]?[term[0]] is { } label && (term.Length == 1 || label.GetValue<string>() == term[1])
            );

    private TransportResponse Watch(string collection, string from, string? timeoutSeconds)
    {
        var version = long.Parse(from[VersionPrefix.Length..]);
        if (version < Objects.Oldest)
            return Refuse(410, "Expired");
        var watch = Open(collection, timeoutSeconds);
        foreach (var line in Objects.Since(version, collection))
            watch.Send(line);
        return Begin(watch);
    }

    private TransportResponse StreamAll(string collection, string? match, string? timeoutSeconds)
    {
        if (Streams == Streaming.Refused || match != "NotOlderThan")
            return Refuse(422, "Invalid");
        var watch = Open(collection, timeoutSeconds);
        foreach (var entity in Objects.In(collection))
            watch.Send(Line("ADDED", entity.DeepClone()));
        var metadata = new JsonObject { ["resourceVersion"] = Objects.Written };
        if (Streams == Streaming.Supported)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        if (Streams != Streaming.NeverEnds)
            watch.Send(Line("BOOKMARK", new JsonObject { ["metadata"] = metadata }));
        return Begin(watch);
    }

    private MemoryWatch Open(string collection, string? timeoutSeconds)
    {
        var watch = new MemoryWatch(collection, WatchesHold) { Closed = closed => _watches.Remove(closed) };
        _watches.Add(watch);
        if (simulation is not null && int.TryParse(timeoutSeconds, out var seconds))
            watch.Timer = simulation.Clock.CreateTimer(
                _ => watch.End(),
                null,
                TimeSpan.FromSeconds(seconds),
                Timeout.InfiniteTimeSpan
            );
        return watch;
    }

    private void Tell(string path, string line) =>
        _watches.FindAll(watch => MemoryPaths.IsIn(path, watch.Collection)).ForEach(watch => watch.Send(line));

    private static TransportResponse Begin(MemoryWatch watch) => new(200, Stream.Null, owner: watch, lines: watch);

    private static string Line(string type, JsonNode entity) =>
        new JsonObject { ["type"] = type, ["object"] = entity }.ToJsonString();
}

/// <summary>How a server answers to sendInitialEvents.</summary>
public enum Streaming
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
