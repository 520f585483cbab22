using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Discovery;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Aggregation;

/// <summary>Groups that other servers answer for, as one API with the cluster's own.</summary>
internal sealed class Aggregator : IAsyncDisposable
{
    private const int DefinitionPriority = 1000;

    private readonly BackendConnections _connections;
    private readonly ExtensionRegistry _registry;
    private readonly ExtensionProxy _proxy;
    private readonly AvailabilityController _availability;
    private readonly LocalServices _local;

    public Aggregator(
        ObjectWriter writer,
        ObjectDeleter deleter,
        X509Certificate2 certificate,
        Func<string, string, int, string?> services
    )
    {
        _connections = new BackendConnections(certificate, stream => new RepeatedHeaders(stream));
        _registry = new ExtensionRegistry(writer.Store);
        _proxy = new ExtensionProxy(_connections, services);
        _availability = new AvailabilityController(writer, _registry, _proxy, services);
        _local = new LocalServices(writer, deleter);
    }

    public void Start()
    {
        _local.Handle();
        _availability.Start();
    }

    /// <summary>Something changed in the store.</summary>
    public void Handle(string shelf, StoreEvent change)
    {
        _local.Handle();
        _availability.Handle(shelf, change);
    }

    public async ValueTask DisposeAsync()
    {
        await _availability.DisposeAsync();
        _connections.Dispose();
    }

    /// <summary>Answers a request below an aggregated group; false when the cluster itself is to answer.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, string[] path)
    {
        switch (path)
        {
            case ["apis", var group, var version, ..] when _registry.Find(group, version) is { } extension:
                await _proxy.ForwardAsync(context, extension);
                return true;
            case ["openapi", "v3", "apis", var group, var version] when _registry.Find(group, version) is { } extension:
                await _proxy.ForwardAsync(context, extension);
                return true;
            case ["apis", var group] when Groups().FirstOrDefault(found => found.Key == group) is { } versions:
                var document = Group(versions);
                document["kind"] = "APIGroup";
                document["apiVersion"] = "v1";
                await Answers.WriteAsync(context, 200, document);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Adds the aggregated groups to a list of groups, in the old or the aggregated form.</summary>
    public JsonObject Extend(JsonObject document)
    {
        var isList = document.Text("kind") == "APIGroupList";
        if (document.Array(isList ? "groups" : "items") is not { } entries)
            return document;
        // The server's own groups come first, then those of definitions, unless a group asks for a better place than theirs.
        var better = entries.Count(entry => ServedGroups.IsOwn(entry.Text("name") ?? entry.At("metadata", "name").Text() ?? ""));
        foreach (var group in Groups())
        {
            var entry = isList ? Group(group) : AggregatedGroup(group);
            if (group.First().GroupPriority > DefinitionPriority)
                entries.Insert(better++, entry);
            else
                entries.Add(entry);
        }
        return document;
    }

    /// <summary>Adds the documents of available extension servers to the index of OpenAPI v3.</summary>
    public JsonObject ExtendIndex(JsonObject index)
    {
        foreach (var extension in _registry.Remote.Where(extension => extension.IsAvailable))
        {
            var path = $"apis/{extension.Group}/{extension.Version}";
            index.Object("paths")?[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}" };
        }
        return index;
    }

    private IEnumerable<IGrouping<string, Extension>> Groups() =>
        _registry
            .Remote.OrderByDescending(extension => extension.GroupPriority)
            .ThenBy(extension => extension.Group, StringComparer.Ordinal)
            .ThenByDescending(extension => extension.VersionPriority)
            .GroupBy(extension => extension.Group);

    private static JsonObject Group(IGrouping<string, Extension> group)
    {
        static JsonObject Entry(Extension extension) =>
            new() { ["groupVersion"] = $"{extension.Group}/{extension.Version}", ["version"] = extension.Version };
        return new JsonObject
        {
            ["name"] = group.Key,
            ["versions"] = new JsonArray([.. group.Select(extension => (JsonNode)Entry(extension))]),
            ["preferredVersion"] = Entry(group.First()),
        };
    }

    private JsonObject AggregatedGroup(IGrouping<string, Extension> group) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = group.Key },
            ["versions"] = new JsonArray([
                .. group.Select(extension =>
                {
                    var version =
                        _availability.Served.GetValueOrDefault(extension.Name)?.Copy()
                        ?? new JsonObject { ["version"] = extension.Version };
                    version["freshness"] = extension.IsAvailable ? "Current" : "Stale";
                    return (JsonNode)version;
                }),
            ]),
        };
}
