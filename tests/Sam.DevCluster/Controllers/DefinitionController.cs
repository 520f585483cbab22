using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>Serves what definitions define, says so in their status, and cleans up after them.</summary>
internal sealed class DefinitionController(ObjectWriter writer, ObjectDeleter deleter)
{
    private readonly ResourceType _definitions = writer.Catalog.Find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!;

    public string Shelf => _definitions.Shelf;

    public void Handle(StoreEvent change)
    {
        if (change.Kind == ChangeKind.Deleted)
        {
            writer.Catalog.Withdraw(change.Object.Name);
            return;
        }
        var definition = change.Object.Read();
        if (definition.IsDeleting())
            Clean(definition);
        else
            Serve(definition);
    }

    /// <summary>Serves at once what an earlier process of this cluster served.</summary>
    public void Restore(StoredObject stored)
    {
        var definition = stored.Read();
        var conditions = definition.At("status", "conditions") as JsonArray ?? [];
        if (conditions.Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True"))
            writer.Catalog.Serve(definition.Name(), DefinitionReader.Read(definition));
    }

    private void Serve(JsonObject definition)
    {
        var spec = definition.Object("spec")!;
        var conflict = Conflict(definition, spec);
        if (conflict is null)
            writer.Catalog.Serve(definition.Name(), DefinitionReader.Read(definition));
        var names = spec.Object("names")!.Copy();
        Try(() =>
            writer.Update(
                _definitions,
                "",
                definition.Name(),
                "status",
                node =>
                {
                    var status = node.Ensure("status");
                    if (conflict is null)
                        status["acceptedNames"] = names.DeepClone();
                    var stored = status.Array("storedVersions") ?? [];
                    foreach (
                        var version in DefinitionReader
                            .Versions(spec)
                            .Where(version => version.IsTrue("storage") && !stored.Strings().Contains(version.Text("name")))
                            .ToList()
                    )
                        stored.Add(version.Text("name"));
                    SetCondition(
                        status,
                        "NamesAccepted",
                        conflict is null,
                        conflict?.Reason ?? "NoConflicts",
                        conflict?.Message ?? "no conflicts found"
                    );
                    SetCondition(
                        status,
                        "Established",
                        conflict is null,
                        conflict is null ? "InitialNamesAccepted" : "NotAccepted",
                        conflict is null ? "the initial names have been accepted" : "not all names are accepted"
                    );
                    return node;
                },
                WriteOptions.Internal
            )
        );
    }

    private (string Reason, string Message)? Conflict(JsonObject definition, JsonObject spec)
    {
        var group = spec.Text("group")!;
        var names = spec.Object("names")!;
        var catalog = writer.Catalog;
        if (catalog.HolderOf(group, definition.Name(), type => [type.Kind, type.ListKind], names.Text("kind")!) is not null)
            return ("KindConflict", $"\"{names.Text("kind")}\" is already in use");
        foreach (var name in names.Child("shortNames").Strings())
        {
            if (catalog.HolderOf(group, definition.Name(), type => type.ShortNames, name) is not null)
                return ("ShortNamesConflict", $"\"{name}\" is already in use");
        }
        return null;
    }

    private void SetCondition(JsonObject status, string type, bool isTrue, string reason, string message)
    {
        if (status.Array("conditions") is not { } conditions)
            status["conditions"] = conditions = [];
        var wanted = isTrue ? "True" : "False";
        var found = conditions.OfType<JsonObject>().FirstOrDefault(condition => condition.Text("type") == type);
        if (found?.Text("status") == wanted && found.Text("reason") == reason)
            return;
        if (found is not null)
            conditions.Remove(found);
        conditions.Add(
            new JsonObject
            {
                ["type"] = type,
                ["status"] = wanted,
                ["lastTransitionTime"] = writer.Now,
                ["reason"] = reason,
                ["message"] = message,
            }
        );
    }

    private void Clean(JsonObject definition)
    {
        var types = writer.Catalog.CustomOf(definition.Name());
        if (types.Count > 0)
        {
            var objects = writer.Store.List(types[0].Shelf).Objects;
            foreach (var stored in objects.Where(stored => !stored.IsDeleting))
                Try(() => deleter.Delete(types[0], stored.Namespace, stored.Name, DeleteRequest.Plain));
            if (writer.Store.List(types[0].Shelf).Objects.Count > 0)
                return; // comes back when the last one goes
        }
        Try(() =>
            writer.Update(
                _definitions,
                "",
                definition.Name(),
                "",
                node =>
                {
                    var left = new JsonArray([
                        .. node.At("metadata", "finalizers")
                            .Strings()
                            .Where(name => name != DefinitionStrategy.CleanupFinalizer)
                            .Select(name => (JsonNode?)name),
                    ]);
                    node.Metadata()["finalizers"] = left;
                    return node;
                },
                WriteOptions.Internal
            )
        );
    }

    // Somebody else may have removed the object in between; that ends the work as well.
    private static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (StatusException fault) when (fault.Code is 404 or 409)
        {
            return;
        }
    }

    /// <summary>Looks again at deleting definitions whose objects go one by one.</summary>
    public void Recheck(string shelf)
    {
        if (writer.Store.Get(_definitions.Shelf, "", shelf) is { IsDeleting: true } definition)
            Clean(definition.Read());
    }
}
