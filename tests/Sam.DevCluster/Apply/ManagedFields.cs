using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Apply;

/// <summary>One entry of <c>metadata.managedFields</c>.</summary>
internal sealed record ManagerEntry(
    string Manager,
    string Operation,
    string ApiVersion,
    string Subresource,
    string Time,
    FieldTree Fields
)
{
    public bool IsSameManager(ManagerEntry other) =>
        Manager == other.Manager
        && Operation == other.Operation
        && Subresource == other.Subresource
        && (Operation == "Apply" || ApiVersion == other.ApiVersion);

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["manager"] = Manager,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
        };
        if (Time.Length > 0)
            entry["time"] = Time;
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = Fields.ToJson();
        if (Subresource.Length > 0)
            entry["subresource"] = Subresource;
        return entry;
    }
}

/// <summary>Keeps <c>metadata.managedFields</c> true after each write.</summary>
internal static class ManagedFields
{
    // Owned by the server, hence by no manager.
    private static readonly string[] ServerFields =
    [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    ];

    public static List<ManagerEntry> Read(JsonObject? node) =>
        [
            .. (node.Object("metadata").Array("managedFields") ?? [])
                .OfType<JsonObject>()
                .Select(entry => new ManagerEntry(
                    entry.Text("manager") ?? "",
                    entry.Text("operation") ?? "",
                    entry.Text("apiVersion") ?? "",
                    entry.Text("subresource") ?? "",
                    entry.Text("time") ?? "",
                    FieldTree.FromJson(entry.Object("fieldsV1"))
                )),
        ];

    /// <summary>After a create, PUT or patch: the writer owns what it changed, everybody else loses it.</summary>
    public static void AfterUpdate(JsonObject? before, JsonObject after, ResourceType type, ManagerEntry writer)
    {
        if (before is not null && (Read(before).Count == 0 || IsReset(after)))
        {
            after.Metadata().Remove("managedFields"); // a client may reset the history on purpose
            return;
        }
        var entries = Read(before);
        var now = Strip(FieldPaths.Of(after, type.Schema));
        var ownsStatus = writer.Subresource == "status" || !type.HasStatus;
        var changed = Strip(FieldPaths.Changed(before ?? type.Strategy.Blank ?? [], after, type.Schema));
        if (!ownsStatus)
            changed.Remove("f:status"); // the main path cannot write it
        if (writer.Subresource == "scale")
            changed = changed.Intersect(entries.Aggregate(new FieldTree(), (all, entry) => all.Union(entry.Fields)));
        var result = new List<ManagerEntry>();
        var own = changed;
        foreach (var entry in entries)
        {
            var isOwn = entry.IsSameManager(writer);
            var kept = (isOwn ? entry.Fields : entry.Fields.Except(changed)).Intersect(now);
            if (isOwn)
                own = own.Union(kept);
            else if (!kept.IsEmpty)
                result.Add(kept.Same(entry.Fields) ? entry : entry with { Fields = kept });
        }
        var previous = entries.Find(entry => entry.IsSameManager(writer));
        if (!own.IsEmpty)
            result.Add(
                previous is not null && previous.Fields.Same(own) && changed.IsEmpty ? previous : writer with { Fields = own }
            );
        Write(after, result);
    }

    // A list of one empty entry.
    private static bool IsReset(JsonObject node) => node.Object("metadata").Array("managedFields") is [JsonObject { Count: 0 }];

    public static void Write(JsonObject node, IEnumerable<ManagerEntry> entries)
    {
        // Applies first, then by time, name, version and subresource: the order that the API server keeps.
        var sorted = entries
            .OrderBy(entry => entry.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .ThenBy(entry => entry.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Subresource, StringComparer.Ordinal)
            .ToList();
        if (sorted.Count == 0)
            node.Metadata().Remove("managedFields");
        else
            node.Metadata()["managedFields"] = new JsonArray([.. sorted.Select(entry => (JsonNode)entry.ToJson())]);
    }

    public static FieldTree Strip(FieldTree tree)
    {
        tree.Remove("f:apiVersion");
        tree.Remove("f:kind");
        if (tree.Children.TryGetValue("f:metadata", out var metadata))
        {
            metadata.IsMember = false;
            foreach (var field in ServerFields)
                metadata.Remove("f:" + field);
            foreach (var field in new[] { "deletionTimestamp", "deletionGracePeriodSeconds" })
                metadata.Remove("f:" + field);
            if (metadata.IsEmpty)
                tree.Remove("f:metadata");
        }
        return tree;
    }
}
