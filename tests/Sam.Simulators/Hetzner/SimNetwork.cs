using System.Net;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One private network; its servers get addresses in the order in which they join.</summary>
internal sealed class SimNetwork(long id, string name, IPNetwork range, DateTimeOffset created) : ISimThing
{
    private byte _last = 1;

    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public DateTimeOffset Created { get; } = created;
    public Dictionary<string, string> Labels { get; set; } = [];
    public JsonArray Subnets { get; init; } = [];

    /// <summary>Address of each server.</summary>
    public SortedDictionary<long, string> Servers { get; } = [];

    IReadOnlyDictionary<string, string> ISimThing.Labels => Labels;

    public void Join(long server)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[3] = ++_last;
        Servers[server] = new IPAddress(bytes).ToString();
    }

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["ip_range"] = range.ToString(),
            ["subnets"] = Subnets.DeepClone(),
            ["routes"] = new JsonArray(),
            ["servers"] = new JsonArray([.. Servers.Keys.Select(server => JsonValue.Create(server))]),
            ["load_balancers"] = new JsonArray(),
            ["protection"] = new JsonObject { ["delete"] = false },
            ["labels"] = SimLabels.ToJson(Labels),
            ["created"] = Time.Text(Created),
            ["expose_routes_to_vswitch"] = false,
        };
}
