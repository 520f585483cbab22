namespace Sam.Compose.Parsing;

/// <summary>
/// Lays one service over another, as the Compose specification merges (https://github.com/compose-spec/compose-spec/blob/main/13-merge.md): maps by key, lists one
/// after the other, commands and plain values replaced.
/// </summary>
internal static class NodeMerge
{
    public static MapNode Service(MapNode under, MapNode over) => Maps(under, over, Key);

    private static MapNode Maps(MapNode under, MapNode over, Func<string, Node, Node, Node> merge)
    {
        var entries = under
            .Entries.Select(entry =>
                over.Entries.FirstOrDefault(other => other.Key == entry.Key) is { } other
                    ? other with
                    {
                        Value = merge(entry.Key, entry.Value, other.Value),
                    }
                    : entry
            )
            .ToList();
        entries.AddRange(over.Entries.Where(entry => under.Entries.All(other => other.Key != entry.Key)));
        return new MapNode(over.Place, entries);
    }

    private static Node Key(string key, Node under, Node over) =>
        key switch
        {
            "command" or "entrypoint" => over,
            "environment" or "labels" or "annotations" => Any(key, Pairs(under), Pairs(over)),
            "sysctls" or "extra_hosts" => Any(key, Pairs(under), Pairs(over)),
            "depends_on" => Any(key, Named(under, Started), Named(over, Started)),
            "networks" => Any(key, Named(under, Null), Named(over, Null)),
            "dns" or "dns_search" or "tmpfs" or "env_file" => Any(key, Listed(under), Listed(over)),
            "volumes" => Distinct(Any(key, under, over), TargetOf),
            "expose" or "cap_add" or "cap_drop" or "ports" => Distinct(Any(key, under, over), TextOf),
            "secrets" or "configs" => Distinct(Any(key, under, over), SourceOf),
            "logging" => Driver(under) is { } one && Driver(over) is { } other && one != other ? over : Any(key, under, over),
            _ => Any(key, under, over),
        };

    private static Node Any(string key, Node under, Node over) =>
        (under, over) switch
        {
            (MapNode one, MapNode two) => Maps(
                one,
                two,
                (inner, a, b) => inner == "test" && key == "healthcheck" ? b : Any(inner, a, b)
            ),
            (ListNode one, ListNode two) => new ListNode(two.Place, [.. one.Items, .. two.Items]),
            (_, ScalarNode { Kind: ScalarKind.Null }) when key is not ("test" or "networks") && under is not ScalarNode => under,
            _ => over,
        };

    /// <summary>NAME=value lines as a map; a name alone has no value.</summary>
    private static Node Pairs(Node node) =>
        node is not ListNode list || !list.Items.All(item => item is ScalarNode)
            ? node
            : new MapNode(
                list.Place,
                [
                    .. list
                        .Items.Cast<ScalarNode>()
                        .Select(item => (item, Parts: item.Text.Split('=', 2)))
                        .GroupBy(item => item.Parts[0], StringComparer.Ordinal)
                        .Select(group => group.Last())
                        .Select(pair => new MapEntry(
                            pair.Parts[0],
                            pair.item.Place,
                            pair.Parts.Length == 2
                                ? new ScalarNode(pair.item.Place, pair.Parts[1], ScalarKind.String)
                                : Null(pair.item.Place)
                        )),
                ]
            );

    private static Node Named(Node node, Func<Place, Node> value) =>
        node is not ListNode list || !list.Items.All(item => item is ScalarNode)
            ? node
            : new MapNode(
                list.Place,
                [
                    .. list
                        .Items.Cast<ScalarNode>()
                        .DistinctBy(item => item.Text)
                        .Select(item => new MapEntry(item.Text, item.Place, value(item.Place))),
                ]
            );

    private static Node Listed(Node node) =>
        node is ScalarNode { Kind: not ScalarKind.Null } ? new ListNode(node.Place, [node]) : node;

    private static Node Distinct(Node node, Func<Node, string?> identity)
    {
        if (node is not ListNode list)
            return node;
        var items = new List<Node>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (identity(item) is { } id && !seen.TryAdd(id, items.Count))
                items[seen[id]] = item;
            else
                items.Add(item);
        }

        return new ListNode(list.Place, items);
    }

    private static string? TargetOf(Node node) =>
        node is ScalarNode scalar
            ? (scalar.Text.Split(':') is [_, var target, ..] ? target : scalar.Text)
            : FieldOf(node, "target");

    private static string? SourceOf(Node node) => node is ScalarNode scalar ? scalar.Text : FieldOf(node, "source");

    private static string? TextOf(Node node) => (node as ScalarNode)?.Text;

    private static string? Driver(Node node) => FieldOf(node, "driver");

    private static string? FieldOf(Node node, string key) =>
        (node as MapNode)?.Entries.FirstOrDefault(entry => entry.Key == key)?.Value is ScalarNode scalar ? scalar.Text : null;

    private static ScalarNode Null(Place place) => new(place, "", ScalarKind.Null);

    private static MapNode Started(Place place) =>
        new(place, [new MapEntry("condition", place, new ScalarNode(place, "service_started", ScalarKind.String))]);
}
