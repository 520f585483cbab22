using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One rented server.</summary>
internal sealed class SimServer(
    long id,
    string name,
    SimServerType type,
    SimLocation location,
    SimImage image,
    DateTimeOffset created
) : ISimThing
{
    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public SimServerType Type { get; } = type;
    public SimLocation Location { get; } = location;
    public SimImage Image { get; } = image;
    public DateTimeOffset Created { get; } = created;
    public string Status { get; set; } = "initializing";
    public string UserData { get; init; } = "";
    public IReadOnlyList<string> SshKeys { get; init; } = [];
    public Dictionary<string, string> Labels { get; set; } = [];
    public string? IPv4 => IsAddressHidden ? null : PrimaryIp?.Address;
    public SimPrimaryIp? PrimaryIp { get; set; }

    /// <summary>The provider does not show the address yet.</summary>
    public bool IsAddressHidden { get; set; }
    public bool EnableIPv6 { get; init; } = true;
    public bool DeleteProtected { get; set; }

    IReadOnlyDictionary<string, string> ISimThing.Labels => Labels;

    public JsonObject ToJson(bool locked, HetznerProject project) =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["status"] = Status,
            ["created"] = Time.Text(Created),
            ["public_net"] = PublicNetJson(project),
            ["private_net"] = PrivateNetJson(project),
            ["server_type"] = Type.ToJson(),
            ["datacenter"] = Location.DatacenterJson(),
            ["location"] = Location.ToJson(),
            ["image"] = Image.ToJson(),
            ["iso"] = null,
            ["rescue_enabled"] = false,
            ["locked"] = locked,
            ["backup_window"] = null,
            ["outgoing_traffic"] = 0,
            ["ingoing_traffic"] = 0,
            ["included_traffic"] = 21_990_232_555_520,
            ["protection"] = new JsonObject { ["delete"] = DeleteProtected, ["rebuild"] = DeleteProtected },
            ["labels"] = SimLabels.ToJson(Labels),
            ["volumes"] = new JsonArray([
                .. project.Volumes.Values.Where(volume => volume.Server == this).Select(volume => JsonValue.Create(volume.Id)),
            ]),
            ["load_balancers"] = new JsonArray(),
            ["primary_disk_size"] = Type.Disk,
            ["placement_group"] = null,
        };

    private JsonArray PrivateNetJson(HetznerProject project) =>
        [
            .. project
                .Networks.Values.Where(network => network.Servers.ContainsKey(Id))
                .Select(network => new JsonObject
                {
                    ["network"] = network.Id,
                    ["ip"] = network.Servers[Id],
                    ["alias_ips"] = new JsonArray(),
                    ["mac_address"] = "86:00:ff:2a:7d:e1",
                }),
        ];

    private JsonObject PublicNetJson(HetznerProject project)
    {
        var ipv6 = $"2001:db8:{(Id >> 16) & 0xffff:x}:{Id & 0xffff:x}::/64";
        return new()
        {
            ["ipv4"] = IPv4 is null
                ? null
                : new JsonObject
                {
                    ["id"] = PrimaryIp!.Id,
                    ["ip"] = IPv4,
                    ["blocked"] = false,
                    ["dns_ptr"] = $"static.{string.Join('.', IPv4.Split('.').Reverse())}.clients.example.com",
                },
            ["ipv6"] = EnableIPv6
                ? new JsonObject
                {
                    ["id"] = Id + 2,
                    ["ip"] = ipv6,
                    ["blocked"] = false,
                    ["dns_ptr"] = new JsonArray(),
                }
                : null,
            ["floating_ips"] = new JsonArray(),
            ["firewalls"] = new JsonArray([
                .. project
                    .Firewalls.Values.Where(firewall => firewall.Servers.Contains(Id))
                    .Select(firewall => new JsonObject { ["id"] = firewall.Id, ["status"] = "applied" }),
            ]),
        };
    }
}
