using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One public IPv4 address; it goes with its server unless it was told to stay.</summary>
internal sealed class SimPrimaryIp(long id, string name, string address, SimLocation location, DateTimeOffset created) : ISimThing
{
    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public string Address { get; } = address;
    public SimLocation Location { get; } = location;
    public DateTimeOffset Created { get; } = created;
    public Dictionary<string, string> Labels { get; set; } = [];
    public bool AutoDelete { get; set; } = true;
    public bool DeleteProtected { get; set; }
    public SimServer? Server { get; set; }

    IReadOnlyDictionary<string, string> ISimThing.Labels => Labels;

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["labels"] = SimLabels.ToJson(Labels),
            ["created"] = Time.Text(Created),
            ["blocked"] = false,
            ["datacenter"] = Location.DatacenterJson(),
            ["location"] = Location.ToJson(),
            ["ip"] = Address,
            ["dns_ptr"] = new JsonArray(),
            ["protection"] = new JsonObject { ["delete"] = DeleteProtected },
            ["type"] = "ipv4",
            ["auto_delete"] = AutoDelete,
            ["assignee_type"] = "server",
            ["assignee_id"] = Server?.Id,
        };
}
