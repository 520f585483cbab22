using System.Text.Json.Nodes;

namespace Sam.DevCluster.Schemas;

/// <summary>Fills in defaults where the parent exists; a null that is not nullable counts as absent where there is a default.</summary>
internal static class Defaulting
{
    public static void Apply(JsonNode? node, Schema schema)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, property) in schema.Properties)
                {
                    if (property.Default is { } preset && (!o.ContainsKey(name) || IsVain(o, name, property)))
                        o[name] = preset.DeepClone();
                }
                foreach (var (name, value) in o)
                {
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
                        Apply(value, inner);
                }
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                    Apply(item, items);
                break;
        }
    }

    /// <summary>Drops nulls that are not nullable and have no default: done for all that is read, except applied documents.</summary>
    public static void DropNulls(JsonNode? node, Schema schema)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, property) in schema.Properties)
                {
                    if (property.Default is null && IsVain(o, name, property))
                        o.Remove(name);
                }
                foreach (var (name, value) in o)
                {
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
                        DropNulls(value, inner);
                }
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                    DropNulls(item, items);
                break;
        }
    }

    private static bool IsVain(JsonObject node, string name, Schema property) =>
        !property.Nullable && node.TryGetPropertyValue(name, out var value) && value is null;
}
