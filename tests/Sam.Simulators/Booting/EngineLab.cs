using System.Text.Json;

namespace Sam.Simulators.Booting;

/// <summary>What scripts/engines.sh brought up: the content of its engines.json.</summary>
public sealed record EngineLab
{
    /// <summary>Eight characters that no other lab folder has; the value of the label <c>dev.sam.lab</c>.</summary>
    public required string Lab { get; init; }

    /// <summary>The folder that holds every file of the lab.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether the engine was started by the lab; else it was there before.</summary>
    public required bool OwnEngine { get; init; }

    /// <summary>The outer Docker Engine, <c>unix://...</c>.</summary>
    public required string DockerHost { get; init; }

    /// <summary>The engine's network namespace, or empty when that is this process' own.</summary>
    public required string Netns { get; init; }

    /// <summary>The Docker network that the servers are attached to.</summary>
    public required string Network { get; init; }

    /// <summary>That network's subnet.</summary>
    public required string Subnet { get; init; }

    /// <summary>That network's gateway, where servers reach the registry.</summary>
    public required string Gateway { get; init; }

    /// <summary>Host and port of the registry, the same on this machine, in the engine and in every server.</summary>
    public required string Registry { get; init; }

    /// <summary>The image that servers boot from.</summary>
    public required string ServerImage { get; init; }

    /// <summary>Full references of the images in the registry, by short name (<c>web1</c>, <c>webBad</c>, <c>caddy</c>, ...).</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>Process ids of what the lab started; 0 for what it did not.</summary>
    public required IReadOnlyDictionary<string, int> Pids { get; init; }

    /// <summary>Reads engines.json from a lab's folder.</summary>
    public static EngineLab Load(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "engines.json"));
        return JsonSerializer.Deserialize<EngineLab>(file, JsonSerializerOptions.Web)
            ?? throw new InvalidDataException($"{folder}/engines.json is empty");
    }
}
