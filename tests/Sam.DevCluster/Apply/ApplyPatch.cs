using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Apply;

/// <summary>Server-side apply: merge, prune what this manager gave up, refuse what others own unless forced.</summary>
internal static class ApplyPatch
{
    public static JsonObject Run(JsonObject? live, JsonObject applied, ResourceType type, ManagerEntry writer, bool force)
    {
        TypedDocument.Check(applied, type);
        var current = live?.Copy() ?? Skeleton(applied);
        var entries = ManagedFields.Read(live);
        var wanted = ManagedFields.Strip(FieldPaths.OfApplied(applied, type.Schema));
        var previous = entries.Find(entry => entry.IsSameManager(writer))?.Fields ?? new FieldTree();
        var merged = (JsonObject)ApplyMerge.Merge(current, applied, type.Schema)!;
        var changed = ManagedFields.Strip(FieldPaths.Changed(current, merged, type.Schema)).Intersect(wanted);
        RefuseConflicts(entries.Where(entry => !entry.IsSameManager(writer)), changed, force, type, writer);

        var others = entries
            .Where(entry => !entry.IsSameManager(writer))
            .Select(entry => entry with { Fields = entry.Fields.Except(changed) })
            .ToList();
        var owned = others.Aggregate(wanted, (all, entry) => all.Union(entry.Fields));
        ApplyMerge.Remove(merged, previous.Except(owned), owned, type.Schema);
        Conclude(merged, live, entries.Find(entry => entry.IsSameManager(writer)), others, writer with { Fields = wanted }, type);
        return merged;
    }

    private static void Conclude(
        JsonObject merged,
        JsonObject? live,
        ManagerEntry? before,
        List<ManagerEntry> others,
        ManagerEntry own,
        ResourceType type
    )
    {
        var now = ManagedFields.Strip(FieldPaths.Of(merged, type.Schema));
        var left = others
            .Select(entry => entry with { Fields = entry.Fields.Intersect(now) })
            .Where(entry => !entry.Fields.IsEmpty)
            .ToList();
        merged.Metadata().Remove("managedFields");
        // Where only the ownership is new, the real server leaves the time as it was: none for a new manager.
        if (live is not null && SameContent(live, merged))
            own = own with { Time = before?.Time ?? "" };
        ManagedFields.Write(merged, own.Fields.IsEmpty ? left : [.. left, own]);
    }

    private static bool SameContent(JsonObject live, JsonObject merged)
    {
        var before = live.Copy();
        before.Metadata().Remove("managedFields");
        return JsonAccess.Same(before, merged);
    }

    private static JsonObject Skeleton(JsonObject applied) =>
        new()
        {
            ["apiVersion"] = applied.Child("apiVersion")?.DeepClone(),
            ["kind"] = applied.Child("kind")?.DeepClone(),
            ["metadata"] = new JsonObject(),
        };

    private static void RefuseConflicts(
        IEnumerable<ManagerEntry> others,
        FieldTree changed,
        bool force,
        ResourceType type,
        ManagerEntry writer
    )
    {
        if (force)
            return;
        var causes = new List<(string Manager, ManagerEntry Entry, string Field)>();
        foreach (var entry in others.OrderBy(entry => entry.Manager, StringComparer.Ordinal))
        {
            foreach (var leaf in entry.Fields.Intersect(changed).Leaves())
                causes.Add((entry.Manager, entry, Shown(leaf)));
        }
        if (causes.Count == 0)
            return;
        var byManager = causes.GroupBy(cause => Named(cause.Entry)).ToList();
        var list =
            byManager.Count == 1 && causes.Count == 1
                ? $"conflict with {byManager[0].Key}: {causes[0].Field}"
                : string.Join(
                    "\n",
                    byManager.Select(group =>
                        $"conflicts with {group.Key}:\n" + string.Join("\n", group.Select(cause => "- " + cause.Field))
                    )
                );
        var plural = causes.Count == 1 ? "conflict" : "conflicts";
        var details = new JsonObject
        {
            ["causes"] = new JsonArray([
                .. causes.Select(cause =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["reason"] = "FieldManagerConflict",
                            ["message"] = $"conflict with {Named(cause.Entry)}",
                            ["field"] = cause.Field,
                        }
                ),
            ]),
        };
        throw new StatusException(409, "Conflict", $"Apply failed with {causes.Count} {plural}: {list}", details);

        string Named(ManagerEntry entry)
        {
            var text = $"\"{entry.Manager}\"";
            if (entry.Subresource.Length > 0)
                text += $" with subresource \"{entry.Subresource}\"";
            return entry.Operation == "Update" ? $"{text} using {entry.ApiVersion}" : text;
        }
    }

    private static string Shown(IReadOnlyList<string> path)
    {
        var text = new System.Text.StringBuilder();
        foreach (var step in path)
        {
            switch (step[..2])
            {
                case "f:":
                    text.Append('.').Append(step.AsSpan(2));
                    break;
                case "k:":
                    var pairs = (JsonReading.Parse(System.Text.Encoding.UTF8.GetBytes(step[2..])) as JsonObject)!;
                    text.Append('[')
                        .AppendJoin(',', pairs.Select(pair => $"{pair.Key}={FieldError.Quote(pair.Value)}"))
                        .Append(']');
                    break;
                default:
                    text.Append("[=").Append(step.AsSpan(2)).Append(']');
                    break;
            }
        }
        return text.ToString();
    }
}
