using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>Drops what the schema does not know and says what it dropped.</summary>
internal static class Pruning
{
    public static List<string> Apply(JsonObject root, Schema schema, bool isResource = true)
    {
        var dropped = new List<string>();
        PruneObject(root, schema, "", dropped, isRoot: isResource);
        dropped.Sort(StringComparer.Ordinal);
        return dropped;
    }

    private static void Prune(JsonNode? node, Schema schema, string path, List<string> dropped)
    {
        switch (node)
        {
            case JsonObject o:
                PruneObject(o, schema, path, dropped, isRoot: schema.EmbeddedResource);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var index = 0; index < list.Count; index++)
                    Prune(list[index], items, $"{path}[{index}]", dropped);
                break;
        }
    }

    private static void PruneObject(JsonObject node, Schema schema, string path, List<string> dropped, bool isRoot)
    {
        foreach (var (name, value) in node.ToList())
        {
            var here = path.Length == 0 ? name : path + "." + name;
            if (isRoot && name is "apiVersion" or "kind")
                continue;
            if (isRoot && name == "metadata")
            {
                Prune(value, ObjectMeta.Schema, here, dropped);
                continue;
            }
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
            {
                Prune(value, inner, here, dropped);
            }
            else if (!schema.PreserveUnknown)
            {
                node.Remove(name);
                dropped.Add(here);
            }
        }
    }
}
