using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Sam.DevCluster.Json;

/// <summary>JSON nodes as YAML, for clients that accept nothing else.</summary>
internal static class YamlWriting
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .Build();

    public static string ToYaml(this JsonNode? node) => Serializer.Serialize(Plain(JsonOrder.Sorted(node)));

    private static object? Plain(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.ToDictionary(pair => pair.Key, pair => Plain(pair.Value)),
            JsonArray list => list.Select(Plain).ToList(),
            null => null,
            _ when node.TryInteger(out var integer) => integer,
            _ when node.TryNumber(out var real) => real,
            _ when node.Flag() is { } flag => flag,
            _ => node.Text(),
        };
}
