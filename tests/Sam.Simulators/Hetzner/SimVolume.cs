using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>One disk of its own.</summary>
internal sealed class SimVolume(long id, string name, int size, SimLocation location, string? format, DateTimeOffset created)
    : ISimThing
{
    public long Id { get; } = id;
    public string Name { get; set; } = name;
    public int Size { get; set; } = size;
    public SimLocation Location { get; } = location;
    public DateTimeOffset Created { get; } = created;
    public Dictionary<string, string> Labels { get; set; } = [];
    public SimServer? Server { get; set; }
    public bool DeleteProtected { get; set; }

    IReadOnlyDictionary<string, string> ISimThing.Labels => Labels;

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["created"] = Time.Text(Created),
            ["size"] = Size,
            ["server"] = Server?.Id,
            ["location"] = Location.ToJson(),
            ["linux_device"] = $"/dev/disk/by-id/scsi-0HC_Volume_{Id}",
            ["protection"] = new JsonObject { ["delete"] = DeleteProtected },
            ["labels"] = SimLabels.ToJson(Labels),
            ["status"] = "available",
            ["format"] = format,
        };
}
