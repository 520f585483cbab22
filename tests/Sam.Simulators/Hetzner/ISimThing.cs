using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>Something that a list shows: what lists are filtered and sorted by.</summary>
internal interface ISimThing
{
    long Id { get; }
    string Name { get; }
    DateTimeOffset Created => default;
    IReadOnlyDictionary<string, string> Labels => SimLabels.None;
}

/// <summary>Labels from and to JSON.</summary>
internal static class SimLabels
{
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    public static JsonObject ToJson(IReadOnlyDictionary<string, string> labels) =>
        new(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

    public static Dictionary<string, string> Of(JsonNode? labels) =>
        (labels as JsonObject ?? []).ToDictionary(
            label => label.Key,
            label => label.Value!.GetValue<string>(),
            StringComparer.Ordinal
        );
}
