using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Compose.Parsing;

/// <summary>One service: each supported key by its reader.</summary>
internal sealed class ServiceReader(Reading reading, Declared declared)
{
    private readonly PairReader _pairs = new(reading);
    private readonly MountReader _mounts = new(reading, declared.Volumes);
    private readonly PortReader _ports = new(reading);
    private readonly NetworksReader _networks = new(reading);
    private readonly GrantReader _grants = new(reading);

    public ComposeService? Read(string name, Node node, string path)
    {
        if (reading.Map(node, path) is not { } map)
            return null;
        var written = new Written();
        var service = new ComposeService
        {
            Name = name,
            Image = "",
            Written = written,
        };
        var entries = reading.Entries(map, path, KeyScope.Service, written).ToList();
        // Older keys are held against deploy, so deploy is read first.
        foreach (var entry in entries.OrderBy(entry => entry.Key == "deploy" ? 0 : 1))
            service = Apply(service, entry);
        service = Linked(new EnvironmentReader(reading).Read(service, entries));
        RequireImage(map, path);
        return service;
    }

    private void RequireImage(MapNode map, string path)
    {
        if (map.Entries.Any(entry => entry.Key == "image"))
            return;
        if (map.Entries.Any(entry => entry.Key == "build"))
            reading.Problems.Error(
                map.Place,
                $"{path}.build",
                ProblemCode.Refused,
                "build is not supported. Images must be built before: build and push it, then name it under image."
            );
        else
            reading.Problems.Error(map.Place, $"{path}.image", ProblemCode.Required, "Every service needs an image");
    }

    // A link means that the other one starts first.
    private static ComposeService Linked(ComposeService service) =>
        service with
        {
            DependsOn = Ordinal.Sort(
                (service.Links ?? [])
                    .Select(link => link.Service)
                    .Distinct()
                    .Where(other => !service.DependsOn.ContainsKey(other) && other != service.Name)
                    .Select(other => KeyValuePair.Create(other, new Dependency(DependencyCondition.Started) { Restart = true }))
                    .Concat(service.DependsOn)
            ),
        };

    private ComposeService Apply(ComposeService service, Entry entry) =>
        entry.Key switch
        {
            "image" => service with { Image = Image(entry) },
            "command" => service with { Command = Words(entry) },
            "entrypoint" => service with { Entrypoint = Words(entry) },
            "environment" or "env_file" => service,
            "labels" => service with { Labels = _pairs.Labels(entry.Node, entry.Path) },
            "healthcheck" => service with { Healthcheck = new HealthcheckReader(reading).Read(entry, service.Written!) },
            "depends_on" => service with
            {
                DependsOn = new DependencyReader(reading, declared.Services).Read(entry.Node, entry.Path),
            },
            "ports" => service with { Ports = _ports.Ports(entry, service.Written!) },
            "expose" => service with { Expose = _ports.Expose(entry, service.Written!) },
            "volumes" => _mounts.Read(service, entry),
            "tmpfs" => service with { Tmpfs = Tmpfs(service, entry) },
            "networks" => service with { Networks = _networks.Read(entry, declared) },
            "links" => service with { Links = _networks.Links(entry, declared, service.Written!) },
            "configs" => service with { Configs = _grants.Read(entry, declared) },
            "secrets" => service with { Secrets = _grants.Read(entry, declared) },
            "deploy" => new DeployReader(reading).Read(service, entry),
            "logging" => service with { Logging = new LoggingReader(reading).Read(entry) },
            _ when LimitsReader.Reads(entry.Key) => new LimitsReader(reading).Read(service, entry),
            _ when ConfinementReader.Reads(entry.Key) => new ConfinementReader(reading).Read(service, entry),
            _ when AddressingReader.Reads(entry.Key) => new AddressingReader(reading).Read(service, entry),
            _ => ApplyPlain(service, entry),
        };

    private ComposeService ApplyPlain(ComposeService service, Entry entry) =>
        entry.Key switch
        {
            "restart" => service with { Restart = Restart(service, entry) },
            "profiles" => service with { Profiles = reading.Words(entry.Node, entry.Path) },
            "user" => service with { User = reading.Text(entry.Node, entry.Path) },
            "working_dir" => service with { WorkingDir = reading.Text(entry.Node, entry.Path) },
            "init" => service with { Init = reading.Boolean(entry.Node, entry.Path) },
            "stop_grace_period" => service with { StopGracePeriod = reading.Duration(entry.Node, entry.Path) },
            "stop_signal" => service with { StopSignal = reading.Text(entry.Node, entry.Path) },
            _ => throw new InvalidOperationException($"Key {entry.Key} is in the table and has no reader"),
        };

    private ImmutableArray<TmpfsMount>? Tmpfs(ComposeService service, Entry entry) =>
        new TmpfsReader(reading).Short(entry, service.Written!) is { } mounts
            ? [.. mounts, .. service.Tmpfs ?? []]
            : service.Tmpfs;

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

    private RestartPolicy? Restart(ComposeService service, Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { } text)
            return null;
        service.Written!.Keep("restart", text);
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
