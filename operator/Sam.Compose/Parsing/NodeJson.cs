using System.Text.Json.Nodes;

namespace Sam.Compose.Parsing;

/// <summary>Nodes as JSON, for what is only shown.</summary>
internal static class NodeJson
{
    /// <summary>Any node as JSON, interpolated.</summary>
    public static JsonNode? Of(Reading reading, Node node, string path)
    {
        switch (node)
        {
            case MapNode map:
                var fields = new JsonObject();
                foreach (var entry in map.Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
                    fields[entry.Key] = Of(reading, entry.Value, Paths.Join(path, entry.Key));
                return fields;
            case ListNode list:
                return new JsonArray([.. list.Items.Select((item, index) => Of(reading, item, $"{path}[{index}]"))]);
            case ScalarNode { Kind: ScalarKind.Null }:
                return null;
            case ScalarNode { Kind: ScalarKind.Boolean } scalar:
                return bool.Parse(scalar.Text);
            case ScalarNode { Kind: ScalarKind.Integer } scalar:
                return Numbers.Integer(scalar.Text)!.Value;
            case ScalarNode { Kind: ScalarKind.Float } scalar:
                return Numbers.Float(scalar.Text)!.Value;
            default:
                return reading.Loose(node, path);
        }
    }
}
