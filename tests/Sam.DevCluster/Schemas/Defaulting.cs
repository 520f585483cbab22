using System.Text.Json.Nodes;

namespace Sam.DevCluster.Schemas;

/// <summary>Fills in defaults where the parent exists; a null that is not nullable but has a default counts as absent.</summary>
internal static class Defaulting
{
    public static void Apply(JsonNode? node, Schema schema)
    {
        switch (node)
        {
            case JsonObject o:
                DropNulls(o, schema);
                foreach (var (name, property) in schema.Properties)
                {
                    if (property.Default is { } preset && !o.ContainsKey(name))
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

    private static void DropNulls(JsonObject node, Schema schema)
    {
        foreach (var (name, property) in schema.Properties)
        {
            if (node.TryGetPropertyValue(name, out var value) && value is null && !property.Nullable)
                node.Remove(name);
        }
    }
}
