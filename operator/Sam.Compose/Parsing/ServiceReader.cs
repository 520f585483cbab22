using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>One service: each supported key by its reader.</summary>
internal sealed class ServiceReader(Reading reading, HashSet<string> volumes, HashSet<string> services)
{
    private readonly PairReader _pairs = new(reading);
    private readonly MountReader _mounts = new(reading, volumes);
    private readonly PortReader _ports = new(reading);

    public ComposeService? Read(string name, Node node, string path)
    {
        if (reading.Map(node, path) is not { } map)
            return null;
        var service = new ComposeService { Name = name, Image = "" };
        foreach (var entry in reading.Entries(map, path, KeyScope.Service))
            service = Apply(service, entry);
        // A service that says build gets told about build; asking for image too would be noise.
        if (!map.Entries.Any(entry => entry.Key is "image" or "build"))
            reading.Problems.Error(node.Place, $"{path}.image", Required, "Every service needs an image");
        return service;
    }

    private ComposeService Apply(ComposeService service, Entry entry) =>
        entry.Key switch
        {
            "image" => service with { Image = Image(entry) },
            "command" => service with { Command = Words(entry) },
            "entrypoint" => service with { Entrypoint = Words(entry) },
            "environment" => service with { Environment = _pairs.Environment(entry.Node, entry.Path) },
            "labels" => service with { Labels = _pairs.Labels(entry.Node, entry.Path) },
            "healthcheck" => service with { Healthcheck = new HealthcheckReader(reading).Read(entry.Node, entry.Path) },
            "depends_on" => service with { DependsOn = new DependencyReader(reading, services).Read(entry.Node, entry.Path) },
            "ports" => service with { Ports = _ports.Ports(entry.Node, entry.Path) },
            "expose" => service with { Expose = _ports.Expose(entry.Node, entry.Path) },
            "volumes" => service with { Volumes = _mounts.Read(entry.Node, entry.Path) },
            "restart" => service with { Restart = Restart(entry) },
            "deploy" => service with { Resources = new DeployReader(reading).Read(entry.Node, entry.Path) },
            _ => ApplyPlain(service, entry),
        };

    private ComposeService ApplyPlain(ComposeService service, Entry entry) =>
        entry.Key switch
        {
            "user" => service with { User = reading.Text(entry.Node, entry.Path) },
            "working_dir" => service with { WorkingDir = reading.Text(entry.Node, entry.Path) },
            "init" => service with { Init = reading.Boolean(entry.Node, entry.Path) },
            "stop_grace_period" => service with { StopGracePeriod = reading.Duration(entry.Node, entry.Path) },
            "stop_signal" => service with { StopSignal = reading.Text(entry.Node, entry.Path) },
            _ => throw new InvalidOperationException($"Key {entry.Key} is in the table and has no reader"),
        };

    private string Image(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { } image)
            return "";
        if (!Naming.IsImage(image))
            reading.Invalid(
                entry.Node,
                entry.Path,
                $"{Reading.Shown(entry.Node)} is no image reference; write it like registry.example.com/name:tag"
            );
        return image;
    }

    private ImmutableArray<string>? Words(Entry entry)
    {
        if (Reading.IsNull(entry.Node))
            return null;
        if (entry.Node is ListNode list)
            return reading.Strings(list, entry.Path);
        if (reading.Text(entry.Node, entry.Path) is not { } text)
            return null;
        if (ShellWords.Split(text) is { } words)
            return words;
        reading.Invalid(entry.Node, entry.Path, "A quote or backslash is left open; close it, or write a list");
        return null;
    }

    private RestartPolicy? Restart(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { } text)
            return null;
        switch (text)
        {
            case "no":
                return new RestartPolicy(RestartMode.No);
            case "always":
                return new RestartPolicy(RestartMode.Always);
            case "unless-stopped":
                return new RestartPolicy(RestartMode.UnlessStopped);
            case "on-failure":
                return new RestartPolicy(RestartMode.OnFailure);
        }
        if (
            text.StartsWith("on-failure:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(11), out var retries)
            && retries >= 0
        )
            return new RestartPolicy(RestartMode.OnFailure, retries);
        reading.Invalid(
            entry.Node,
            entry.Path,
            $"{Reading.Shown(entry.Node)} is no restart policy; use no, always, unless-stopped or on-failure[:n]"
        );
        return null;
    }
}
