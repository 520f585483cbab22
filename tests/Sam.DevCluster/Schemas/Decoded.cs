using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>What came of decoding: fields that were dropped, in the order of the body, and the first value that does not fit.</summary>
internal sealed record Decoded(IReadOnlyList<string> Unknown, DecodingFault? Fault);

/// <summary>A value that does not fit its field: as told when JSON is read, and when the result of a strategic patch is.</summary>
internal sealed record DecodingFault(string Json, string? Map)
{
    /// <summary>The words of the converter that strategic patches go through.</summary>
    public static string OfMap(JsonNode node, string wanted)
    {
        var kind = KindOf(node, "int64", "float64", "bool", "slice", "map");
        return wanted switch
        {
            "[]uint8" or "string" or "bool" or "float64" => $"cannot convert {Interfaces(kind)} to {wanted}",
            _ when wanted.StartsWith("int", StringComparison.Ordinal) => $"cannot convert {Interfaces(kind)} to {wanted}",
            ['[', ']', ..] => $"cannot restore slice from {kind}",
            _ when wanted.StartsWith("map[", StringComparison.Ordinal) => $"cannot restore map from {kind}",
            _ => $"cannot restore struct from: {kind}",
        };
    }

    public static string KindOf(JsonNode node, string integer, string number, string flag, string list, string map) =>
        node.KindOf() switch
        {
            JsonKind.String => "string",
            JsonKind.Integer => integer,
            JsonKind.Boolean => flag,
            JsonKind.Array => list,
            JsonKind.Object => map,
            _ => number,
        };

    private static string Interfaces(string kind) =>
        kind switch
        {
            "slice" => "[]interface {}",
            "map" => "map[string]interface {}",
            _ => kind,
        };
}
