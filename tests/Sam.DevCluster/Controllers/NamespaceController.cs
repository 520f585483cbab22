using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>Empties a terminating namespace and lets it go once nothing is left; makes the first ones.</summary>
internal sealed class NamespaceController(ObjectWriter writer, ObjectDeleter deleter)
{
    private readonly ResourceType _namespaces = writer.Catalog.Find("", "v1", "namespaces")!;

    public void Start()
    {
        foreach (
            var name in new[] { "default", "kube-system", "kube-public", "kube-node-lease" }.Where(name =>
                writer.Store.Get(_namespaces.Shelf, "", name) is null
            )
        )
            writer.Create(
                _namespaces,
                "",
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject { ["name"] = name },
                },
                WriteOptions.Internal
            );
    }

    public void Handle(StoreEvent change)
    {
        if (change.Kind == ChangeKind.Deleted)
            return;
        if (change.Object.IsDeleting)
            Empty(change.Object.Name);
    }

    /// <summary>An object went: its namespace may now be empty.</summary>
    public void Recheck(string @namespace)
    {
        if (writer.Store.Get("namespaces", "", @namespace) is { IsDeleting: true })
            Empty(@namespace);
    }

    private void Empty(string name)
    {
        var left = new List<(ResourceType, StoredObject)>();
        foreach (var type in writer.Catalog.All.Where(type => type.Namespaced).DistinctBy(type => type.Shelf))
        {
            foreach (var stored in writer.Store.List(type.Shelf).Objects.Where(stored => stored.Namespace == name))
            {
                if (!stored.IsDeleting)
                    Quietly(() => deleter.Delete(type, name, stored.Name, DeleteRequest.Plain));
                if (writer.Store.Get(type.Shelf, name, stored.Name) is { } kept)
                    left.Add((type, kept));
            }
        }
        if (left.Count > 0)
        {
            Tell(name, left);
            return;
        }
        Quietly(() =>
            writer.Update(
                _namespaces,
                "",
                name,
                "finalize",
                node =>
                {
                    node["spec"] = new JsonObject();
                    return node;
                },
                WriteOptions.Internal
            )
        );
    }

    private void Tell(string name, List<(ResourceType, StoredObject)> left) =>
        Quietly(() =>
            writer.Update(
                _namespaces,
                "",
                name,
                "status",
                node =>
                {
                    var status = node.Ensure("status");
                    status["conditions"] = NamespaceConditions.Of(left, status.Array("conditions"), writer.Now);
                    return node;
                },
                WriteOptions.Internal with
                {
                    Manager = "kube-controller-manager",
                }
            )
        );

    private static void Quietly(Action work)
    {
        try
        {
            work();
        }
        catch (StatusException fault) when (fault.Code is 404 or 409)
        {
            return; // gone or made in the meantime
        }
    }
}
