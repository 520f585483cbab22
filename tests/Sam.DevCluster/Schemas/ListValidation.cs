using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Uniqueness of set and map lists.</summary>
internal static class ListValidation
{
    public static void Check(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    // What lies in metadata has rules of its own.
                    if (path.Length == 0 && name == "metadata")
                        continue;
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.Values) is { } inner)
                        Check(value, inner, path.Length == 0 ? name : path + "." + name, errors);
                }
                break;
            case JsonArray list:
                CheckUnique(list, schema, path, errors);
                if (schema.Items is { } items)
                {
                    for (var index = 0; index < list.Count; index++)
                        Check(list[index], items, $"{path}[{index}]", errors);
                }
                break;
        }
    }

    private static void CheckUnique(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.ListType is not ("set" or "map"))
            return;
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < list.Count; index++)
        {
            var key = schema.ListType == "set" ? list[index] : KeyOf(list[index], schema);
            var text = key.ToText();
            seen[text] = seen.GetValueOrDefault(text) + 1;
            if (seen[text] == 2) // each key is named once, however often it comes
                errors.Add(FieldError.Duplicate($"{path}[{index}]", key));
        }
    }

    /// <summary>The merge key of one item, its keys in alphabetical order.</summary>
    public static JsonObject KeyOf(JsonNode? item, Schema schema)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys.Order(StringComparer.Ordinal))
        {
            if ((item.Child(name) ?? schema.Items?.Properties.GetValueOrDefault(name)?.Default) is { } value)
                key[name] = value.DeepClone();
        }
        return key;
    }
}
