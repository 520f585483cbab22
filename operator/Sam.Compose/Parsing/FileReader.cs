using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>The whole file: top-level keys, then what must hold between services.</summary>
internal sealed class FileReader(Problems problems, ComposeInputs inputs)
{
    private const int MostServices = 100;
    private readonly Reading _reading = new(problems, inputs);
    private readonly Written _written = new();

    public ComposeModel? Read(Node root)
    {
        if (_reading.Map(root, "") is not { } map)
            return null;
        var entries = _reading.Entries(map, "", KeyScope.File, _written).ToList();
        foreach (var entry in map.Entries.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
            _written.Keep(entry.Key, Extension(entry));
        var declared = entries
            .Where(entry => entry.Key != "services")
            .Aggregate(new Declared(), new DeclaredReader(_reading, _written).Read);
        if (entries.Find(entry => entry.Key == "services") is not { } services)
        {
            problems.Error(root.Place, "services", Required, "The file needs services with at least one service");
            return null;
        }
        return Services(services, declared) is { } read ? Model(read, declared) : null;
    }

    private ComposeModel Model(List<KeyValuePair<string, ComposeService>> services, Declared declared) =>
        new()
        {
            Services = Ordinal.Sort(services),
            Volumes = declared.Volumes,
            Networks = declared.Networks.IsEmpty ? null : declared.Networks,
            Configs = declared.Configs.IsEmpty ? null : declared.Configs,
            Secrets = declared.Secrets.IsEmpty ? null : declared.Secrets,
            Written = _written,
        };

    // What is dropped anyway is shown as it stands, and a mistake in it is none.
    private JsonNode? Extension(MapEntry entry) => NodeJson.Of(new Reading(new Problems(), inputs), entry.Value, entry.Key);

    private List<KeyValuePair<string, ComposeService>>? Services(Entry services, Declared declared)
    {
        if (_reading.Map(services.Node, services.Path) is not { } map)
            return null;
        var extensions = new Extensions(_reading, map);
        ImmutableArray<MapEntry> all =
        [
            .. map
                .Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal))
                .Select(entry =>
                    entry with
                    {
                        Value = extensions.Resolve(entry.Key, entry.Value, Paths.Join(services.Path, entry.Key)),
                    }
                ),
        ];
        ImmutableArray<MapEntry> entries = [.. all.Where(IsAsked)];
        if (entries.Length is 0 or > MostServices)
            problems.Error(
                services.Node.Place,
                services.Path,
                Required,
                all.IsEmpty || !entries.IsEmpty
                    ? $"The file needs 1 to {MostServices} services"
                    : "Every service belongs to a profile that is not asked for; name one under spec.profiles"
            );
        return Read(services, entries, declared with { Services = [.. entries.Select(entry => entry.Key)] });
    }

    private List<KeyValuePair<string, ComposeService>> Read(Entry services, ImmutableArray<MapEntry> entries, Declared declared)
    {
        var reader = new ServiceReader(_reading, declared);
        var read = new List<KeyValuePair<string, ComposeService>>();
        foreach (var entry in entries)
        {
            var path = Paths.Join(services.Path, entry.Key);
            if (!Naming.IsService(entry.Key))
                problems.Error(
                    entry.Place,
                    path,
                    InvalidValue,
                    "A service name has 1 to 50 letters, digits, dots, hyphens and underscores"
                );
            if (reader.Read(entry.Key, entry.Value, path) is { } service)
                read.Add(KeyValuePair.Create(entry.Key, service));
        }
        DependencyCycles.Report(read, entries, problems);
        return read;
    }

    /// <summary>A service without profiles, or with one that is asked for.</summary>
    private bool IsAsked(MapEntry service)
    {
        var profiles = (service.Value as MapNode)?.Entries.FirstOrDefault(entry => entry.Key == "profiles")?.Value as ListNode;
        return profiles is null or { Items.Count: 0 }
            || inputs.Profiles.Contains("*")
            || profiles.Items.Any(item => item is ScalarNode name && inputs.Profiles.Contains(name.Text));
    }
}
