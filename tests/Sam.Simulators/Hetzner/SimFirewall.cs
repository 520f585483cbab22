using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One firewall and the servers behind it.</summary>
internal sealed class SimFirewall(long id, string name, DateTimeOffset created) : ISimThing
{
    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public DateTimeOffset Created { get; } = created;
    public Dictionary<string, string> Labels { get; set; } = [];
    public JsonArray Rules { get; set; } = [];
    public SortedSet<long> Servers { get; } = [];

    IReadOnlyDictionary<string, string> ISimThing.Labels => Labels;

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["created"] = Time.Text(Created),
            ["labels"] = SimLabels.ToJson(Labels),
            ["rules"] = new JsonArray([.. Rules.Select(rule => FirewallRules.Filled(rule!.AsObject()))]),
            ["applied_to"] = new JsonArray([
                .. Servers.Select(server => new JsonObject
                {
                    ["type"] = "server",
                    ["server"] = new JsonObject { ["id"] = server },
                }),
            ]),
        };
}
