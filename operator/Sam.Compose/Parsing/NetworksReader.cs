using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>networks and links of a service.</summary>
internal sealed class NetworksReader(Reading reading)
{
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Read(Entry networks, Declared declared)
    {
        var read = Ordinal.Empty<ImmutableArray<string>>().ToBuilder();
        foreach (var (name, node, path) in Named(networks))
        {
            if (name != ComposeNetwork.Default && !declared.Networks.ContainsKey(name))
                reading.Problems.Error(
                    node.Place,
                    path,
                    UndefinedReference,
                    $"Network {(node is ScalarNode ? Reading.Shown(node) : Paths.Printable(name))} is not declared; add it under the top-level networks"
                );
            if (read.ContainsKey(name))
                reading.Problems.Error(node.Place, path, Duplicate, "The network stands here twice; keep one");
            read[name] = node is MapNode map ? Aliases(map, path) : [];
        }

        return read.Count == 0 ? null : read.ToImmutable();
    }

    public ImmutableArray<Link>? Links(Entry links, Declared declared, Written written)
    {
        if (reading.List(links.Node, links.Path) is not { } list)
            return null;
        var texts = reading.Strings(list, links.Path);
        written.Keep("links", texts.IsEmpty ? null : Json.Strings(texts));
        var read = ImmutableArray.CreateBuilder<Link>();
        for (var index = 0; index < texts.Length; index++)
        {
            var parts = texts[index].Split(':');
            if (parts.Length > 2 || !declared.Services.Contains(parts[0]))
                reading.Problems.Error(
                    list.Place,
                    $"{links.Path}[{Math.Min(index, list.Items.Count - 1)}]",
                    UndefinedReference,
                    "It names no service of the file; write it as service or service:alias"
                );
            else
                read.Add(new Link(parts[0], parts[^1]));
        }

        return read.Count == 0 ? null : read.ToImmutable();
    }

    private IEnumerable<(string Name, Node Node, string Path)> Named(Entry networks)
    {
        switch (networks.Node)
        {
            case ListNode list:
                for (var index = 0; index < list.Items.Count; index++)
                {
                    var path = $"{networks.Path}[{index}]";
                    if (reading.Text(list.Items[index], path) is { } name)
                        yield return (name, list.Items[index], path);
                }

                break;
            case MapNode map:
                foreach (var entry in map.Entries)
                {
                    var path = Paths.Join(networks.Path, entry.Key);
                    if (entry.Value is not MapNode && !Reading.IsNull(entry.Value))
                        reading.Invalid(entry.Value, path, "A map, or nothing, is needed here");
                    yield return (entry.Key, entry.Value, path);
                }

                break;
            default:
                reading.Invalid(networks.Node, networks.Path, "A list of networks, or a map of them, is needed here");
                break;
        }
    }

    private ImmutableArray<string> Aliases(MapNode map, string path)
    {
        ImmutableArray<string> aliases = [];
        foreach (var entry in reading.Entries(map, path, KeyScope.ServiceNetwork))
        {
            if (reading.List(entry.Node, entry.Path) is { } list)
                aliases = reading.Strings(list, entry.Path);
        }

        return aliases;
    }
}
