using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Apply;

/// <summary>Merges an applied document into the live one, and takes out fields that nobody owns any more.</summary>
internal static class ApplyMerge
{
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, Schema schema)
    {
        switch (live, applied)
        {
            case (JsonObject a, JsonObject b) when FieldPaths.IsGranularMap(schema):
                var result = a.Copy();
                foreach (var (name, value) in b)
                    result[name] = Merge(result[name], value, schema.Of(name) ?? Schema.Anything);
                return result;
            case (JsonArray a, JsonArray b) when FieldPaths.IsGranularList(schema):
                return MergeList(a, b, schema);
            default:
                return applied?.DeepClone();
        }
    }

    // Live items keep their place unless the applied document orders them.
    private static JsonArray MergeList(JsonArray live, JsonArray applied, Schema schema)
    {
        var items = schema.Items ?? Schema.Anything;
        var incoming = applied.Select(item => (Step: FieldPaths.Step(item, schema), Item: item)).ToList();
        var wanted = incoming.Select(pair => pair.Step).ToHashSet(StringComparer.Ordinal);
        var byStep = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var result = new JsonArray();
        var next = 0;
        foreach (var item in live)
        {
            var step = FieldPaths.Step(item, schema);
            byStep.TryAdd(step, item);
        }
        foreach (var item in live)
        {
            var step = FieldPaths.Step(item, schema);
            if (!wanted.Contains(step))
            {
                result.Add(item?.DeepClone());
                continue;
            }
            while (next < incoming.Count)
            {
                var (key, value) = incoming[next++];
                result.Add(byStep.TryGetValue(key, out var old) ? Merge(old, value, items) : value?.DeepClone());
                if (key == step)
                    break;
            }
        }
        for (; next < incoming.Count; next++)
            result.Add(
                byStep.TryGetValue(incoming[next].Step, out var old)
                    ? Merge(old, incoming[next].Item, items)
                    : incoming[next].Item?.DeepClone()
            );
        return result;
    }

    /// <summary>Takes out what is given up and owned by nobody; a map or list that is emptied so goes as well.</summary>
    /// <returns>Whether something is left of the node.</returns>
    public static bool Remove(JsonNode? node, FieldTree gone, FieldTree owned, Schema schema)
    {
        foreach (var (step, child) in gone.Children.Where(pair => !pair.Value.IsEmpty))
        {
            var keeper = owned.Children.GetValueOrDefault(step) ?? new FieldTree();
            if (node is JsonObject o && step.StartsWith("f:", StringComparison.Ordinal))
            {
                var name = step[2..];
                // The way to a field of a struct counts as owned with the field.
                if (!o.ContainsKey(name))
                    continue;
                if (keeper.IsEmpty || (child.HasChildren && !Remove(o[name], child, keeper, schema.Of(name) ?? Schema.Anything)))
                    o.Remove(name);
            }
            else if (node is JsonArray list && list.FirstOrDefault(item => FieldPaths.Step(item, schema) == step) is { } found)
            {
                if (child.IsMember && !keeper.IsMember)
                    list.Remove(found);
                else
                    Remove(found, child, keeper, schema.Items ?? Schema.Anything);
            }
        }
        return node is not (JsonObject { Count: 0 } or JsonArray { Count: 0 });
    }
}
