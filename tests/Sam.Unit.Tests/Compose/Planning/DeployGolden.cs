using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Compose.Planning;
using YamlDotNet.RepresentationModel;

namespace Sam.Unit.Tests.Compose.Planning;

/// <summary>One folder of a golden case: desired.yaml and observed.yaml in, plan.txt out; SAM_GOLDEN=update writes the last one.</summary>
public sealed class DeployGolden(string name)
{
    private const string Uid = "0a1b2c3d-1111-4222-8333-444455556666";
    private string Folder => Path.Combine(Root(), name);

    public static IEnumerable<string> Names() =>
        Directory.GetDirectories(Root()).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public Desired Desired()
    {
        var yaml = Load("desired.yaml");
        var parsed = ComposeParser.Parse(Text(yaml, "compose") ?? "", new Dictionary<string, string>());
        Assert.Empty(parsed.Errors);
        var routes = Items(yaml, "routes")
            .Select(item => new AppRoute
            {
                Name = Text(item, "service")!,
                Service = Text(item, "service")!,
                Host = "a.example.com",
            })
            .ToImmutableArray();
        var release = new ReleaseSpec
        {
            Model = parsed.Model!,
            Images = Ordinal.Sort(
                parsed.Model!.Services.Select(entry => KeyValuePair.Create(entry.Key, Digest(entry.Value.Image)))
            ),
            Routes = routes,
        };
        return DesiredRelease.Resolve(Uid, long.Parse(Text(yaml, "release")!), release) with
        {
            Applied = Text(yaml, "applied") == "true",
        };
    }

    public Observed Observed(Desired desired)
    {
        var yaml = Load("observed.yaml");
        return new Observed
        {
            Now = DateTimeOffset.UnixEpoch.AddHours(1),
            Networks = Strings(yaml, "networks"),
            Volumes = Strings(yaml, "volumes"),
            Images = [.. Strings(yaml, "images").Select(Digest)],
            Containers = [.. Items(yaml, "containers").Select(item => Container(item, desired))],
        };
    }

    public void Expect(string text)
    {
        var file = Path.Combine(Folder, "plan.txt");
        if (Environment.GetEnvironmentVariable("SAM_GOLDEN") == "update")
            File.WriteAllText(file, text);
        Assert.Equal(File.ReadAllText(file), text);
    }

    public override string ToString() => name;

    /// <summary>Short golden names for images: `web:1` is a digest that shows it.</summary>
    private static string Digest(string image) => $"{image.Split(':')[0]}@sha256:{image.Replace(':', '-')}";

    private static ObservedContainer Container(YamlMappingNode item, Desired desired)
    {
        var service = Text(item, "service")!;
        var spec = Text(item, "spec")!;
        var hash = spec == "desired" ? desired.Services.Single(it => it.Name == service).Spec.Hash : spec.PadRight(64, '0');
        var edge = Text(item, "edge") == "true";
        return new ObservedContainer
        {
            Id = $"id-{service}-{spec}",
            Name = EngineNames.Container(Uid, service, hash),
            Service = service,
            SpecHash = hash,
            State = Enum.Parse<ContainerState>(Text(item, "state")!, ignoreCase: true),
            Health = Enum.Parse<ContainerHealth>(Text(item, "health") ?? "none", ignoreCase: true),
            ExitCode = int.Parse(Text(item, "exitCode") ?? "0"),
            Restarts = int.Parse(Text(item, "restarts") ?? "0"),
            Networks = Text(item, "onAppNetwork") == "false" ? [] : null,
            StartedAt =
                DateTimeOffset.UnixEpoch.AddHours(1)
                - TimeSpan.FromSeconds(double.Parse(Text(item, "up") ?? "600", CultureInfo.InvariantCulture)),
            // The engine adds the short id to the aliases of every container on a network.
            EdgeAliases = edge ? [EngineNames.EdgeAlias(Uid, service), "cadb891a73e7"] : ["cadb891a73e7"],
        };
    }

    private YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, file))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value : null;

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var list) ? ((YamlSequenceNode)list).Cast<YamlMappingNode>() : [];

    private static ImmutableArray<string> Strings(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var list)
            ? [.. ((YamlSequenceNode)list).Select(item => ((YamlScalarNode)item).Value!)]
            : [];

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
