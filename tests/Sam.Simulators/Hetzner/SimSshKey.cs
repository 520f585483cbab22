using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One stored public key.</summary>
internal sealed record SimSshKey(long Id, string Name, string PublicKey, string Fingerprint, DateTimeOffset Created) : ISimThing
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["fingerprint"] = Fingerprint,
            ["public_key"] = PublicKey,
            ["labels"] = SimLabels.ToJson(Labels),
            ["created"] = Time.Text(Created),
        };
}
