using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Patches;

/// <summary>Kubernetes' own patch for built-in kinds: lists merge by key, with directives in the patch.</summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";
    private const string RetainKeys = "$retainKeys";

    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema schema)
    {
        if (patch.Text(Directive) is "replace")
            return Plain(patch);
        var result = target.Copy();
        foreach (var (name, change) in patch)
        {
            if (name == Directive || name.StartsWith(OrderPrefix, StringComparison.Ordinal))
                continue;
            if (name == RetainKeys)
                Retain(result, change.Strings().ToHashSet());
            else if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
                DeleteFromList(result, name[DeletePrefix.Length..], change as JsonArray);
            else
                ApplyField(result, name, change, schema.Of(name) ?? Schema.Anything);
        }
        foreach (var (name, order) in patch.Where(pair => pair.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
            SortList(result, name[OrderPrefix.Length..], order as JsonArray, schema);
        return result;
    }

    private static void ApplyField(JsonObject result, string name, JsonNode? change, Schema schema)
    {
        switch (change)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject o when o.Text(Directive) == "delete":
                result.Remove(name);
                break;
            case JsonObject o:
                result[name] = Apply(result.Object(name) ?? [], o, schema);
                break;
            case JsonArray list when schema.PatchStrategy == "merge":
                result[name] = MergeList(result.Array(name) ?? [], list, schema);
                break;
            default:
                result[name] = change.DeepClone();
                break;
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, Schema schema)
    {
        if (schema.PatchMergeKey is not { } key)
        {
            var union = (JsonArray)target.DeepClone();
            foreach (var item in patch.Where(item => !union.Any(have => JsonAccess.Same(have, item))).ToList())
                union.Add(item?.DeepClone());
            return union;
        }
        if (patch.Any(item => item.Text(Directive) == "replace"))
            return new JsonArray([.. patch.OfType<JsonObject>().Where(item => item.Text(Directive) is null).Select(Plain)]);
        var result = (JsonArray)target.DeepClone();
        foreach (var item in patch.OfType<JsonObject>())
        {
            var found = result.OfType<JsonObject>().FirstOrDefault(have => JsonAccess.Same(have.Child(key), item.Child(key)));
            if (item.Text(Directive) == "delete")
                result.Remove(found);
            else if (found is null)
                result.Add(Plain(item));
            else
                result[result.IndexOf(found)] = Apply(found, item, schema.Items ?? Schema.Anything);
        }
        return result;
    }

    private static void DeleteFromList(JsonObject result, string name, JsonArray? values)
    {
        if (result.Array(name) is not { } list || values is null)
            return;
        foreach (var item in list.Where(item => values.Any(value => JsonAccess.Same(value, item))).ToList())
            list.Remove(item);
    }

    private static void SortList(JsonObject result, string name, JsonArray? order, Schema schema)
    {
        if (result.Array(name) is not { } list || order is null)
            return;
        var key = schema.Of(name)?.PatchMergeKey;
        int Rank(JsonNode? item)
        {
            for (var index = 0; index < order.Count; index++)
            {
                if (key is null ? JsonAccess.Same(order[index], item) : JsonAccess.Same(order[index].Child(key), item.Child(key)))
                    return index;
            }
            return int.MaxValue;
        }
        result[name] = new JsonArray([.. list.OrderBy(Rank).Select(item => item?.DeepClone())]);
    }

    private static void Retain(JsonObject result, HashSet<string> keep)
    {
        foreach (var name in result.Select(pair => pair.Key).Where(name => !keep.Contains(name)).ToList())
            result.Remove(name);
    }

    // Directives and nulls have done their work when the patch itself becomes the value.
    private static JsonObject Plain(JsonObject patch)
    {
        var result = new JsonObject();
        foreach (var (name, value) in patch.Where(pair => !pair.Key.StartsWith('$') && pair.Value is not null))
            result[name] = value is JsonObject inner ? Plain(inner) : value!.DeepClone();
        return result;
    }
}
