using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>`extends` within the file: what the other service says, and what this one says on top.</summary>
internal sealed class Extensions(Reading reading, MapNode services)
{
    private const string Key = "extends";
    private readonly Dictionary<string, Node> _resolved = new(StringComparer.Ordinal);

    /// <summary>A service's whole text; what it extends is merged in.</summary>
    public Node Resolve(string name, Node node, string path) => Resolve(name, node, path, []);

    private Node Resolve(string name, Node node, string path, List<string> way)
    {
        if (_resolved.TryGetValue(name, out var known))
            return known;
        if (node is not MapNode map || map.Entries.FirstOrDefault(entry => entry.Key == Key) is not { } extends)
            return node;
        var own = new MapNode(map.Place, [.. map.Entries.Where(entry => entry.Key != Key)]);
        var result = Base(extends, path, name, way) is MapNode parent ? NodeMerge.Service(parent, own) : own;
        _resolved[name] = result;
        return result;
    }

    private Node? Base(MapEntry extends, string path, string name, List<string> way)
    {
        var below = Paths.Join(path, Key);
        if (NameOf(extends.Value, below) is not { } other)
            return null;
        if (other == name || way.Contains(other))
        {
            reading.Problems.Error(extends.Place, below, Cycle, "Services extend each other; remove one of these extends");
            return null;
        }

        if (services.Entries.FirstOrDefault(entry => entry.Key == other) is { } found)
            return Resolve(other, found.Value, Paths.Join("services", other), [.. way, name]);
        reading.Problems.Error(
            extends.Place,
            below,
            UndefinedReference,
            $"Service {Reading.Shown(extends.Value)} is not in the file; add it or remove it here"
        );
        return null;
    }

    private string? NameOf(Node node, string path)
    {
        if (node is not MapNode map)
            return reading.Text(node, path);
        string? name = null;
        foreach (var entry in reading.Entries(map, path, Rules.KeyScope.Extends))
            name = reading.Text(entry.Node, entry.Path);
        if (!map.Entries.Any(entry => entry.Key == "service"))
            reading.Problems.Error(map.Place, $"{path}.service", Required, "Name a service of this file");
        return name;
    }
}
