using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>Owner references: dependents go with, before, or without their owner.</summary>
internal sealed class GarbageCollector(ObjectWriter writer, ObjectDeleter deleter)
{
    public void Handle(string shelf, StoreEvent change)
    {
        var stored = change.Object;
        if (change.Kind == ChangeKind.Deleted)
        {
            foreach (var (type, dependent) in DependentsOf(stored.Uid))
                Release(type, dependent, stored.Uid, deleteWhenAlone: true);
            foreach (var owner in stored.Owners)
                FinishForeground(owner);
            return;
        }
        if (stored.IsDeleting)
            HandleDeleting(shelf, stored);
        else if (stored.Owners.Count > 0 && change.Kind == ChangeKind.Added && stored.Owners.All(owner => !Exists(owner)))
            Quietly(() =>
                deleter.Delete(
                    TypeOf(shelf),
                    stored.Namespace,
                    stored.Name,
                    new DeleteRequest(stored.Uid, null, "Background", false)
                )
            );
    }

    private void HandleDeleting(string shelf, StoredObject stored)
    {
        var finalizers = stored.Read().At("metadata", "finalizers").Strings().ToList();
        if (finalizers.Contains("orphan"))
        {
            foreach (var (type, dependent) in DependentsOf(stored.Uid))
                Release(type, dependent, stored.Uid, deleteWhenAlone: false);
            RemoveFinalizer(TypeOf(shelf), stored, "orphan");
        }
        else if (finalizers.Contains("foregroundDeletion"))
        {
            foreach (var (type, dependent) in DependentsOf(stored.Uid).Where(pair => !pair.Stored.IsDeleting).ToList())
                Quietly(() =>
                    deleter.Delete(
                        type,
                        dependent.Namespace,
                        dependent.Name,
                        new DeleteRequest(dependent.Uid, null, "Foreground", false)
                    )
                );
            FinishForeground(stored.Uid);
        }
    }

    private void FinishForeground(string owner)
    {
        if (Find(owner) is not { Stored.IsDeleting: true } found)
            return;
        var blocked = DependentsOf(owner)
            .Any(pair =>
                pair.Stored.Read().At("metadata", "ownerReferences") is JsonArray references
                && references.Any(reference => reference.Text("uid") == owner && reference.IsTrue("blockOwnerDeletion"))
            );
        if (!blocked)
            RemoveFinalizer(found.Type, found.Stored, "foregroundDeletion");
    }

    private void Release(ResourceType type, StoredObject dependent, string owner, bool deleteWhenAlone)
    {
        var others = dependent.Owners.Where(uid => uid != owner && Exists(uid)).ToList();
        if (deleteWhenAlone && others.Count == 0)
        {
            Quietly(() =>
                deleter.Delete(
                    type,
                    dependent.Namespace,
                    dependent.Name,
                    new DeleteRequest(dependent.Uid, null, "Background", false)
                )
            );
            return;
        }
        Change(
            type,
            dependent,
            metadata =>
            {
                var left = (metadata.Array("ownerReferences") ?? [])
                    .Where(reference => reference.Text("uid") != owner)
                    .Select(reference => reference?.DeepClone())
                    .ToArray();
                if (left.Length == 0)
                    metadata.Remove("ownerReferences");
                else
                    metadata["ownerReferences"] = new JsonArray(left);
            }
        );
    }

    private void RemoveFinalizer(ResourceType type, StoredObject stored, string name) =>
        Change(
            type,
            stored,
            metadata =>
            {
                var left = metadata
                    .Child("finalizers")
                    .Strings()
                    .Where(finalizer => finalizer != name)
                    .Select(finalizer => (JsonNode?)finalizer)
                    .ToArray();
                if (left.Length == 0)
                    metadata.Remove("finalizers");
                else
                    metadata["finalizers"] = new JsonArray(left);
            }
        );

    private void Change(ResourceType type, StoredObject stored, Action<JsonObject> change) =>
        Quietly(() =>
            writer.Update(
                type,
                stored.Namespace,
                stored.Name,
                "",
                node =>
                {
                    change(node.Metadata());
                    return node;
                },
                WriteOptions.Internal with
                {
                    Manager = "kube-controller-manager",
                }
            )
        );

    private IEnumerable<ResourceType> Types() => writer.Catalog.All.DistinctBy(type => type.Shelf);

    private ResourceType TypeOf(string shelf) => Types().First(type => type.Shelf == shelf);

    private List<(ResourceType Type, StoredObject Stored)> DependentsOf(string owner) =>
        [.. Types().SelectMany(type => writer.Store.DependentsOf(type.Shelf, owner).Select(stored => (type, stored)))];

    private bool Exists(string uid) => Find(uid) is not null;

    private (ResourceType Type, StoredObject Stored)? Find(string uid) =>
        writer.Store.FindByUid(uid) is { } found ? (TypeOf(found.Shelf), found.Stored) : null;

    private static void Quietly(Action work)
    {
        try
        {
            work();
        }
        catch (StatusException fault) when (fault.Code is 404 or 409)
        {
            return; // gone or changed in the meantime; the change brings us back
        }
    }
}
