using System.Text.Json.Nodes;

namespace Sam.DevCluster.OpenApi;

/// <summary>One field of a struct: its name, its type, and what tells the items of its list apart.</summary>
internal sealed record StructField(string Name, string Type, string[] Keys, bool IsRequired, bool RetainsKeys)
{
    public static StructField Parse(string word)
    {
        var isRequired = word.EndsWith('!');
        var text = isRequired ? word[..^1] : word;
        var retains = text.EndsWith('~');
        text = retains ? text[..^1] : text;
        var keys = text.Split('@') is [_, var named] ? named.Split(',') : [];
        var parts = text.Split('@')[0].Split(':', 2);
        return new StructField(parts[0], parts.Length > 1 ? parts[1] : "", keys, isRequired, retains);
    }

    /// <summary>The struct it holds, one or many of; empty for plain values.</summary>
    public string Inner =>
        Type.StartsWith("[]", StringComparison.Ordinal) || Type.StartsWith("{}", StringComparison.Ordinal) ? Type[2..] : Type;

    /// <summary>Adds how lists are merged and patched.</summary>
    public void Annotate(JsonObject schema)
    {
        if (Type.StartsWith("[]", StringComparison.Ordinal))
            schema["x-kubernetes-list-type"] = Keys.Length > 0 ? "map" : "atomic";
        if (Keys.Length > 0)
        {
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. Keys.Select(key => (JsonNode)key)]);
            schema["x-kubernetes-patch-merge-key"] = Keys[0];
            schema["x-kubernetes-patch-strategy"] = RetainsKeys ? "merge,retainKeys" : "merge";
        }
        else if (RetainsKeys)
        {
            schema["x-kubernetes-patch-strategy"] = "retainKeys";
        }
    }
}
