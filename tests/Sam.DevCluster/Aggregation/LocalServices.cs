using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Aggregation;

/// <summary>Keeps an APIService for every group version that the cluster itself serves.</summary>
internal sealed class LocalServices(ObjectWriter writer, ObjectDeleter deleter)
{
    private const string Managed = "kube-aggregator.kubernetes.io/automanaged";

    private readonly ResourceType _type = writer.Catalog.FindKind("apiregistration.k8s.io/v1", "APIService")!;
    private int _seen = -1;

    /// <summary>Creates what is missing and removes what is no longer served.</summary>
    public void Handle()
    {
        if (_seen == writer.Catalog.Generation)
            return;
        _seen = writer.Catalog.Generation;
        var served = writer
            .Catalog.All.GroupBy(type => (type.Group, type.Version))
            .ToDictionary(group => $"{group.Key.Version}.{group.Key.Group}", group => group.First());
        foreach (var (name, type) in served)
        {
            if (writer.Store.Get(ExtensionRegistry.Shelf, "", name) is null)
                Quietly(() => writer.Create(_type, "", Build(name, type), WriteOptions.Internal));
        }
        foreach (var stored in writer.Store.List(ExtensionRegistry.Shelf).Objects)
        {
            if (stored.Labels.GetValueOrDefault(Managed) == "true" && !served.ContainsKey(stored.Name))
                Quietly(() => deleter.Delete(_type, "", stored.Name, DeleteRequest.Plain));
        }
    }

    private static JsonObject Build(string name, ResourceType type) =>
        new()
        {
            ["apiVersion"] = "apiregistration.k8s.io/v1",
            ["kind"] = "APIService",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { [Managed] = type.IsCustom ? "true" : "onstart" },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = type.Group,
                ["version"] = type.Version,
                ["groupPriorityMinimum"] = type.IsCustom ? 1000 : 17000,
                ["versionPriority"] = type.IsCustom ? 100 : 15,
            },
            ["status"] = new JsonObject(),
        };

    private static void Quietly(Action work)
    {
        try
        {
            work();
        }
        catch (StatusException fault) when (fault.Code is 404 or 409)
        {
            return; // made or gone in the meantime
        }
    }
}
