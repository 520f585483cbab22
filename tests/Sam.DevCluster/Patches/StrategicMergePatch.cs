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
                Retain(result, patch, change.Strings().ToHashSet());
            else if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
                DeleteFromList(result, name[DeletePrefix.Length..], change as JsonArray);
            else
                ApplyField(result, name, change, schema.Of(name) ?? Schema.Anything);
        }
        foreach (var (name, order) in patch.Where(pair => pair.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
        {
            if (order is JsonArray wanted)
                CheckOrder(patch, name[OrderPrefix.Length..], wanted, schema.Of(name[OrderPrefix.Length..])?.PatchMergeKey);
            SortList(result, name[OrderPrefix.Length..], order as JsonArray, schema);
        }
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
            var union = new JsonArray([.. patch.Select(item => item?.DeepClone())]);
            return PatchFirst(target, union, JsonAccess.Same);
        }
        if (patch.Any(item => item.Text(Directive) == "replace"))
            return new JsonArray([.. patch.OfType<JsonObject>().Where(item => item.Text(Directive) is null).Select(Plain)]);
        var result = (JsonArray)target.DeepClone();
        foreach (var item in patch.OfType<JsonObject>())
        {
            CheckItem(item, key);
            var found = result.OfType<JsonObject>().FirstOrDefault(have => JsonAccess.Same(have.Child(key), item.Child(key)));
            if (item.Text(Directive) == "delete")
                result.Remove(found);
            else if (found is null)
                result.Add(Plain(item));
            else
                result[result.IndexOf(found)] = Apply(found, item, schema.Items ?? Schema.Anything);
        }
        var named = patch.OfType<JsonObject>().Where(item => item.Text(Directive) is null).ToList();
        var patched = named
            .Select(item => result.First(have => JsonAccess.Same(have.Child(key), item.Child(key)))!.DeepClone())
            .ToArray();
        var known = new JsonArray([
            .. result
                .Where(have => target.Any(old => JsonAccess.Same(old.Child(key), have.Child(key))))
                .Select(have => have?.DeepClone()),
        ]);
        return PatchFirst(known, new JsonArray(patched), (a, b) => JsonAccess.Same(a.Child(key), b.Child(key)));
    }

    // Items of the patch keep its order and come before those they are new to; the rest keeps the order it has.
    private static JsonArray PatchFirst(JsonArray have, JsonArray patch, Func<JsonNode?, JsonNode?, bool> isSame)
    {
        int PlaceOf(JsonNode? item) => have.ToList().FindIndex(other => isSame(other, item));
        var rest = have.Where(item => !patch.Any(other => isSame(item, other))).ToList();
        var result = new JsonArray();
        foreach (var item in patch)
        {
            var place = PlaceOf(item);
            while (rest.Count > 0 && place >= 0 && PlaceOf(rest[0]) < place)
            {
                result.Add(rest[0]?.DeepClone());
                rest.RemoveAt(0);
            }
            result.Add(item?.DeepClone());
        }
        foreach (var item in rest)
            result.Add(item?.DeepClone());
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

    private static void CheckItem(JsonObject item, string key)
    {
        if (item.Text(Directive) is { } directive and not ("delete" or "merge" or "replace"))
            throw Refused($"unknown patch type: {directive} in map: {GoMap(item)}");
        if (item.Child(key) is null)
            throw Refused($"map: {GoMap(item)} does not contain declared merge key: {key}");
    }

    private static Http.StatusException Refused(string message) => new(500, null, message);

    private static string GoMap(JsonObject item) =>
        $"map[{string.Join(' ', item.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{pair.Value.Text() ?? pair.Value.ToText()}"))}]";

    private static void CheckOrder(JsonObject patch, string name, JsonArray order, string? key)
    {
        if (patch.Array(name) is not { } list)
            return;
        JsonNode? Id(JsonNode? item) => key is null ? item : item.Child(key);
        var places = list.OfType<JsonObject>()
            .Where(item => item.Text(Directive) is null)
            .Select(item => order.ToList().FindIndex(other => JsonAccess.Same(Id(other), Id(item))))
            .ToList();
        if (places.SequenceEqual(places.Order()))
            return;
        string Shown(JsonArray items) => $"[{string.Join(' ', items.OfType<JsonObject>().Select(GoMap))}]";
        throw Refused($"The order in patch list:\n{Shown(list)}\n doesn't match $setElementOrder list:\n{Shown(order)}\n");
    }

    private static void Retain(JsonObject result, JsonObject patch, HashSet<string> keep)
    {
        if (patch.Any(pair => !pair.Key.StartsWith('$') && pair.Value is not null && !keep.Contains(pair.Key)))
            throw Http.Failures.BadRequest("invalid patch format of retainKeys");
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
