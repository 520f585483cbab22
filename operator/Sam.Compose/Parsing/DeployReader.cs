using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Compose.Parsing;

/// <summary>deploy: resources, and one replica.</summary>
internal sealed class DeployReader(Reading reading)
{
    public Resources? Read(Node node, string path)
    {
        if (Reading.IsNull(node) || reading.Map(node, path) is not { } map)
            return null;
        Resources? resources = null;
        foreach (var entry in reading.Entries(map, path, KeyScope.Deploy))
        {
            if (entry.Key == "resources")
                resources = Resources(entry);
            else if (reading.Integer(entry.Node, entry.Path, 0, int.MaxValue) is { } replicas and not 1)
                reading.Problems.Error(
                    entry.Node.Place,
                    entry.Path,
                    ProblemCode.Refused,
                    $"{replicas} replicas are not supported; only 1 is, remove the key"
                );
        }
        return resources;
    }

    private Resources? Resources(Entry entry)
    {
        if (Reading.IsNull(entry.Node) || reading.Map(entry.Node, entry.Path) is not { } map)
            return null;
        var resources = new Resources();
        foreach (var part in reading.Entries(map, entry.Path, KeyScope.Resources))
        {
            if (Reading.IsNull(part.Node) || reading.Map(part.Node, part.Path) is not { } values)
                continue;
            resources = part.Key == "limits" ? Limits(resources, values, part.Path) : Reservations(resources, values, part.Path);
        }
        return resources;
    }

    private Resources Limits(Resources resources, MapNode map, string path)
    {
        foreach (var entry in reading.Entries(map, path, KeyScope.Limits))
        {
            resources = entry.Key switch
            {
                "cpus" => resources with { NanoCpus = reading.NanoCpus(entry.Node, entry.Path) },
                "memory" => resources with { MemoryBytes = reading.Bytes(entry.Node, entry.Path) },
                _ => resources with { Pids = reading.Integer(entry.Node, entry.Path, -1, int.MaxValue) },
            };
        }
        return resources;
    }

    private Resources Reservations(Resources resources, MapNode map, string path)
    {
        foreach (var entry in reading.Entries(map, path, KeyScope.Reservations))
        {
            resources =
                entry.Key == "cpus"
                    ? resources with
                    {
                        ReservedNanoCpus = reading.NanoCpus(entry.Node, entry.Path),
                    }
                    : resources with
                    {
                        ReservedMemoryBytes = reading.Bytes(entry.Node, entry.Path),
                    };
        }
        return resources;
    }
}
