using System.Text.Json.Nodes;

namespace Sam.Crds.Generator.Checks;

/// <summary>The rules of list types: what can be merged by keys, and by which.</summary>
internal static class ListCheck
{
    public static void Add(JsonObject node, string path, List<string> problems)
    {
        if (node.Text("type") != "array")
            return;
        if (node.Child("items") is not { } items)
        {
            problems.Add($"{path}: an array has no items");
            return;
        }

        var keys = node.Texts("x-kubernetes-list-map-keys");
        switch (node.Text("x-kubernetes-list-type"))
        {
            case "map":
                Map(items, keys, path, problems);
                break;
            case "set" when items.Text("type") is "object" or "array":
                problems.Add($"{path}: a set holds scalars");
                break;
            case "set" or "atomic" or null when keys.Count > 0:
                problems.Add($"{path}: only a list of type map has keys");
                break;
            case "set" or "atomic":
                break;
            case null:
                problems.Add($"{path}: has no list type");
                break;
            case var other:
                problems.Add($"{path}: the list type '{other}' does not exist");
                break;
        }
    }

    private static void Map(JsonObject items, IReadOnlyList<string> keys, string path, List<string> problems)
    {
        if (keys.Count == 0 || keys.Distinct(StringComparer.Ordinal).Count() != keys.Count)
            problems.Add($"{path}: a list of type map needs keys, each once");
        if (items.Text("type") != "object")
            problems.Add($"{path}: a list of type map holds objects");
        var required = items.Texts("required");
        foreach (var key in keys)
        {
            if (items.Child("properties")?.Child(key) is not { } property)
                problems.Add($"{path}: the key {key} is no property of the items");
            else if (property.Text("type") is "object" or "array")
                problems.Add($"{path}: the key {key} is no scalar");
            else if (!required.Contains(key) && !property.ContainsKey("default"))
                problems.Add($"{path}: the key {key} is neither required nor defaulted");
        }
    }
}
