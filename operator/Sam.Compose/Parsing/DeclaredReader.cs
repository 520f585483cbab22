using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>Top-level volumes, networks, configs and secrets.</summary>
internal sealed class DeclaredReader(Reading reading, Written written)
{
    public Declared Read(Declared declared, Entry kind) =>
        kind.Key switch
        {
            "volumes" => declared with
            {
                Volumes = [.. Each(kind, Volume).Select(entry => entry.Key).ToImmutableSortedSet(StringComparer.Ordinal)],
            },
            "networks" => declared with { Networks = Ordinal.Sort(Each(kind, Network)) },
            "configs" => declared with { Configs = Ordinal.Sort(Each(kind, Config)) },
            _ => declared with { Secrets = Ordinal.Sort(Each(kind, Secret)) },
        };

    private List<KeyValuePair<string, T>> Each<T>(Entry kind, Func<string, Node, string, Written, T> read)
    {
        var all = new List<KeyValuePair<string, T>>();
        if (reading.Map(kind.Node, kind.Path) is not { } map)
            return all;
        var shown = new JsonObject();
        foreach (var entry in map.Entries.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            var path = Paths.Join(kind.Path, entry.Key);
            if (!Naming.IsVolume(entry.Key))
                reading.Problems.Error(
                    entry.Place,
                    path,
                    InvalidValue,
                    "Such a name has 1 to 63 letters, digits, dots, hyphens and underscores"
                );
            var own = new Written();
            all.Add(KeyValuePair.Create(entry.Key, read(entry.Key, entry.Value, path, own)));
            shown[entry.Key] = new JsonObject(own.All);
        }

        written.Keep(kind.Key, shown);
        return all;
    }

    private IEnumerable<Entry> Options(Node node, string path, KeyScope scope, Written own) =>
        Reading.IsNull(node) || reading.Map(node, path) is not { } map ? [] : reading.Entries(map, path, scope, own);

    private bool Volume(string name, Node node, string path, Written own)
    {
        foreach (var entry in Options(node, path, KeyScope.Volume, own))
        {
            if (entry.Key == "external")
                Own(entry, "An app uses only volumes of its own; remove the key and the volume is created");
            else
                Only(entry, own, "local", "Only the local driver exists on a node; remove the key");
        }

        return true;
    }

    private ComposeNetwork Network(string name, Node node, string path, Written own)
    {
        var network = new ComposeNetwork();
        foreach (var entry in Options(node, path, KeyScope.Network, own))
        {
            switch (entry.Key)
            {
                case "driver":
                    Only(entry, own, "bridge", "Only bridge networks exist on a node; remove the key");
                    break;
                case "external":
                    Own(entry, "An app reaches other apps only through their routes; remove the key and the network is created");
                    break;
                case "internal":
                    network = new ComposeNetwork { Internal = reading.Boolean(entry.Node, entry.Path) == true };
                    own.Keep("internal", network.Internal ? true : null);
                    break;
                default:
                    var ipam = new Written();
                    foreach (var option in Options(entry.Node, entry.Path, KeyScope.Ipam, ipam))
                        Only(option, ipam, "default", "Only the default driver gives addresses; remove the key");
                    own.Keep("ipam", new JsonObject(ipam.All));
                    break;
            }
        }

        return network;
    }

    private FileSource Config(string name, Node node, string path, Written own) => Source(name, node, path, KeyScope.Config, own);

    private FileSource Secret(string name, Node node, string path, Written own) => Source(name, node, path, KeyScope.Secret, own);

    private FileSource Source(string name, Node node, string path, KeyScope scope, Written own)
    {
        var source = new FileSource();
        string? given = null;
        var external = false;
        foreach (var entry in Options(node, path, scope, own))
        {
            switch (entry.Key)
            {
                case "external":
                    external = External(entry, ref given);
                    break;
                case "name":
                    given = reading.Text(entry.Node, entry.Path);
                    break;
                default:
                    var text = reading.Text(entry.Node, entry.Path);
                    own.Keep(entry.Key, text);
                    source = entry.Key switch
                    {
                        "content" => source with { Content = text },
                        "environment" => source with { Variable = text },
                        _ => source with { File = text },
                    };
                    break;
            }
        }

        if (external)
            source = source with { External = given ?? name };
        own.Keep("external", external ? true : null);
        own.Keep("name", given);
        var ways = new[] { source.Content, source.Variable, source.File, source.External }.Count(way => way is not null);
        if (ways != 1)
            reading.Problems.Error(
                node.Place,
                path,
                ways == 0 ? Required : Duplicate,
                $"Set exactly one of file, environment{(scope == KeyScope.Config ? ", content" : "")} and external: true"
            );
        return source;
    }

    // An older form says external: {name: x}.
    private bool External(Entry entry, ref string? name)
    {
        if (entry.Node is not MapNode map)
            return reading.Boolean(entry.Node, entry.Path) == true;
        foreach (var field in reading.Entries(map, entry.Path, KeyScope.External))
            name = reading.Text(field.Node, field.Path);
        return true;
    }

    private void Own(Entry entry, string message)
    {
        if (entry.Node is MapNode || reading.Boolean(entry.Node, entry.Path) == true)
            reading.Problems.Error(entry.Node.Place, entry.Path, Refused, $"external is not supported. {message}");
    }

    private void Only(Entry entry, Written own, string wanted, string message)
    {
        var text = reading.Text(entry.Node, entry.Path);
        own.Keep(entry.Key, text);
        if (text is not null && text != wanted)
            reading.Problems.Error(
                entry.Node.Place,
                entry.Path,
                Refused,
                $"{Reading.Shown(entry.Node)} is not supported. {message}"
            );
    }
}
