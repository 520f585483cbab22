using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>The whole file: top-level keys, then what must hold between services.</summary>
internal sealed class FileReader(Problems problems, IReadOnlyDictionary<string, string> variables)
{
    private const int MostServices = 100;
    private readonly Reading _reading = new(problems, variables);

    public ComposeModel? Read(Node root)
    {
        if (_reading.Map(root, "") is not { } map)
            return null;
        var entries = _reading.Entries(map, "", KeyScope.File).ToList();
        var declared = entries.Find(entry => entry.Key == "volumes");
        var volumes = declared is null ? [] : Volumes(declared);
        if (entries.Find(entry => entry.Key == "services") is not { } services)
        {
            problems.Error(root.Place, "services", Required, "The file needs services with at least one service");
            return null;
        }
        return Services(services, volumes) is { } read
            ? new ComposeModel { Services = Ordinal.Sort(read), Volumes = volumes.ToImmutableSortedSet(StringComparer.Ordinal) }
            : null;
    }

    private HashSet<string> Volumes(Entry declared)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (Reading.IsNull(declared.Node) || _reading.Map(declared.Node, declared.Path) is not { } map)
            return names;
        foreach (var entry in map.Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            var path = Paths.Join(declared.Path, entry.Key);
            if (!Naming.IsVolume(entry.Key))
                problems.Error(
                    entry.Place,
                    path,
                    InvalidValue,
                    "A volume name has 1 to 63 letters, digits, dots, hyphens and underscores"
                );
            names.Add(entry.Key);
            if (!Reading.IsNull(entry.Value) && _reading.Map(entry.Value, path) is { } options)
                _ = _reading.Entries(options, path, KeyScope.Volume).Count();
        }
        return names;
    }

    private List<KeyValuePair<string, ComposeService>>? Services(Entry services, HashSet<string> volumes)
    {
        if (_reading.Map(services.Node, services.Path) is not { } map)
            return null;
        ImmutableArray<MapEntry> entries = [.. map.Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal))];
        if (entries.Length is 0 or > MostServices)
            problems.Error(services.Node.Place, services.Path, Required, $"The file needs 1 to {MostServices} services");
        var reader = new ServiceReader(_reading, volumes, entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal));
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
}
