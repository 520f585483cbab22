using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>The old value at the same place, where there is one: properties by name, items of map lists by their keys.</summary>
internal readonly record struct Before(JsonNode? Value, bool Known)
{
    public Before Child(string name) =>
        Known && Value is JsonObject o && o.TryGetPropertyValue(name, out var child) ? new Before(child, true) : default;

    public Before Item(JsonNode? item, Schema list)
    {
        if (!Known || list.ListType != "map" || Value is not JsonArray old)
            return default;
        var key = ListValidation.KeyOf(item, list);
        var found = old.FirstOrDefault(other => JsonAccess.Same(ListValidation.KeyOf(other, list), key));
        return found is null ? default : new Before(found, true);
    }
}
