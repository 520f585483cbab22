using System.Text.Json.Nodes;

namespace Sam.DevCluster.Schemas;

/// <summary>Drops what the schema does not know and says what it dropped.</summary>
internal static class Pruning
{
    public static List<string> Apply(JsonObject root, Schema schema)
    {
        var dropped = new List<string>();
        PruneObject(root, schema, "", dropped, isRoot: true);
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
            if (isRoot && name is "apiVersion" or "kind" or "metadata")
            {
                if (
                    name != "metadata"
                    || !isRoot
                    || schema.Properties.GetValueOrDefault("metadata")?.Properties.Count is null or 0
                )
                    continue;
            }
            var here = path.Length == 0 ? name : path + "." + name;
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
            {
                if (!(isRoot && name == "metadata"))
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
