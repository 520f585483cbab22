using Sam.Compose.Model;

namespace Sam.Compose.Parsing;

/// <summary>Finds services that wait for each other.</summary>
internal static class DependencyCycles
{
    public static void Report(
        List<KeyValuePair<string, ComposeService>> services,
        IReadOnlyList<MapEntry> entries,
        Problems problems
    )
    {
        var byName = services.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in services)
        {
            if (Walk(name, byName, done, []) is not { } cycle)
                continue;
            problems.Error(
                entries.First(entry => entry.Key == cycle[0]).Value.Place,
                $"services.{Paths.Printable(cycle[0])}.depends_on",
                ProblemCode.Cycle,
                $"Services wait for each other: {Paths.Printable(string.Join(" -> ", cycle.Append(cycle[0])))}; remove one of these depends_on"
            );
        }
    }

    private static List<string>? Walk(
        string name,
        Dictionary<string, ComposeService> services,
        HashSet<string> done,
        List<string> way
    )
    {
        var seen = way.IndexOf(name);
        if (seen >= 0)
            return way[seen..];
        if (!services.TryGetValue(name, out var service) || !done.Add(name))
            return null;
        way.Add(name);
        foreach (var next in service.DependsOn.Keys)
        {
            if (Walk(next, services, done, way) is { } cycle)
                return cycle;
        }
        way.RemoveAt(way.Count - 1);
        return null;
    }
}
