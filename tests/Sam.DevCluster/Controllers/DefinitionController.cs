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
        var (accepted, reason, message) = Decide(definition, spec);
        if (reason is null)
            writer.Catalog.Serve(definition.Name(), DefinitionReader.Read(definition));
        Try(() =>
            writer.Update(
                _definitions,
                "",
                definition.Name(),
                "status",
                node =>
                {
                    var status = node.Ensure("status");
                    status["acceptedNames"] = accepted.DeepClone();
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
                        reason is null,
                        reason ?? "NoConflicts",
                        message ?? "no conflicts found"
                    );
                    SetCondition(
                        status,
                        "Established",
                        reason is null,
                        reason is null ? "InitialNamesAccepted" : "NotAccepted",
                        reason is null ? "the initial names have been accepted" : "not all names are accepted"
                    );
                    return node;
                },
                WriteOptions.Internal
            )
        );
    }

    // Each name is accepted by itself; the last one that is taken gives the reason.
    private (JsonObject Accepted, string? Reason, string? Message) Decide(JsonObject definition, JsonObject spec)
    {
        var group = spec.Text("group")!;
        var names = spec.Object("names")!;
        var accepted = new JsonObject { ["plural"] = "", ["kind"] = "" };
        string? reason = null;
        string? message = null;
        bool IsFree(string name, string why, Func<ResourceType, IEnumerable<string>> held)
        {
            if (writer.Catalog.HolderOf(group, definition.Name(), type => [.. held(type)], name) is null)
                return true;
            (reason, message) = (why, $"\"{name}\" is already in use");
            return false;
        }
        IEnumerable<string> Paths(ResourceType type) => [type.Plural, type.Singular, .. type.ShortNames];
        IEnumerable<string> Kinds(ResourceType type) => [type.Kind, type.ListKind];
        foreach (var (field, why) in new[] { ("plural", "PluralConflict"), ("singular", "SingularConflict") })
        {
            if (names.Text(field) is { } name && IsFree(name, why, Paths))
                accepted[field] = name;
        }
        var shortNames = names.Child("shortNames").Strings().ToList();
        if (shortNames.Count > 0 && shortNames.TrueForAll(name => IsFree(name, "ShortNamesConflict", Paths)))
            accepted["shortNames"] = names.Child("shortNames")!.DeepClone();
        foreach (var (field, why) in new[] { ("kind", "KindConflict"), ("listKind", "ListKindConflict") })
        {
            if (names.Text(field) is { } name && IsFree(name, why, Kinds))
                accepted[field] = name;
        }
        if (names.Array("categories") is { } categories)
            accepted["categories"] = categories.DeepClone();
        return (accepted, reason, message);
    }

    private JsonObject InProgress(JsonObject node)
    {
        SetCondition(
            node.Ensure("status"),
            "Terminating",
            isTrue: true,
            "InstanceDeletionInProgress",
            "CustomResource deletion is in progress"
        );
        return node;
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
            Try(() => writer.Update(_definitions, "", definition.Name(), "status", InProgress, WriteOptions.Internal));
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
