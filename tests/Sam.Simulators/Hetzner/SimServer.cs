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
)
{
    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public SimServerType Type { get; } = type;
    public SimLocation Location { get; } = location;
    public SimImage Image { get; } = image;
    public DateTimeOffset Created { get; } = created;
    public string Status { get; set; } = "initializing";
    public string UserData { get; init; } = "";
    public Dictionary<string, string> Labels { get; set; } = [];
    public string? IPv4 { get; set; }
    public bool EnableIPv6 { get; init; } = true;
    public bool DeleteProtected { get; set; }

    public JsonObject LabelsJson() => new(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

    public JsonObject ToJson(bool locked) =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["status"] = Status,
            ["created"] = Time.Text(Created),
            ["public_net"] = PublicNetJson(),
            ["private_net"] = new JsonArray(),
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
            ["labels"] = LabelsJson(),
            ["volumes"] = new JsonArray(),
            ["load_balancers"] = new JsonArray(),
            ["primary_disk_size"] = Type.Disk,
            ["placement_group"] = null,
        };

    private JsonObject PublicNetJson()
    {
        var ipv6 = $"2001:db8:{(Id >> 16) & 0xffff:x}:{Id & 0xffff:x}::/64";
        return new()
        {
            ["ipv4"] = IPv4 is null
                ? null
                : new JsonObject
                {
                    ["id"] = Id + 1,
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
            ["firewalls"] = new JsonArray(),
        };
    }
}

/// <summary>Asynchronous work: it ends when its time is over and the backend has done its part.</summary>
internal sealed class SimAction(long id, string command, SimServer server, DateTimeOffset started, TimeSpan duration)
{
    public long Id { get; } = id;
    public string Command { get; } = command;
    public SimServer Server { get; } = server;
    public DateTimeOffset Started { get; } = started;

    /// <summary>When it is over; never for a server that does not boot.</summary>
    public DateTimeOffset Due { get; set; } = duration == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : started + duration;
    public string Status { get; set; } = "running";
    public DateTimeOffset? Finished { get; set; }
    public string? Error { get; set; }
    public bool Fails { get; init; }

    /// <summary>The backend's part.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>What holds once it has succeeded.</summary>
    public Action? Effect { get; init; }

    public JsonObject ToJson(DateTimeOffset now) =>
        new()
        {
            ["id"] = Id,
            ["command"] = Command,
            ["status"] = Status,
            ["started"] = Time.Text(Started),
            ["finished"] = Finished is { } finished ? Time.Text(finished) : null,
            ["progress"] = Status == "success" ? 100 : Progress(now),
            ["resources"] = new JsonArray(new JsonObject { ["id"] = Server.Id, ["type"] = "server" }),
            ["error"] = Error is null ? null : new JsonObject { ["code"] = "action_failed", ["message"] = Error },
        };

    private int Progress(DateTimeOffset now) =>
        Due == DateTimeOffset.MaxValue || Due <= Started ? 0 : (int)Math.Clamp((now - Started) / (Due - Started) * 100, 0, 99);
}

/// <summary>One stored public key.</summary>
internal sealed record SimSshKey(long Id, string Name, string PublicKey, string Fingerprint, DateTimeOffset Created)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["fingerprint"] = Fingerprint,
            ["public_key"] = PublicKey,
            ["labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["created"] = Time.Text(Created),
        };
}
