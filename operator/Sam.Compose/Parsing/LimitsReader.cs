using Sam.Compose.Model;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>The older keys for what deploy says: cpus, mem_limit, mem_reservation, pids_limit, scale.</summary>
internal sealed class LimitsReader(Reading reading)
{
    public static bool Reads(string key) => key is "cpus" or "mem_limit" or "mem_reservation" or "pids_limit" or "scale";

    public ComposeService Read(ComposeService service, Entry entry)
    {
        var resources = service.Resources ?? new Resources();
        switch (entry.Key)
        {
            case "scale":
                var scale = new DeployReader(reading).Replicas(entry);
                service.Written!.Keep("scale", scale);
                Same(entry, service.Replicas, scale, "deploy.replicas");
                return service with { Replicas = scale };
            case "cpus":
                var cpus = reading.NanoCpus(entry.Node, entry.Path);
                service.Written!.Keep("cpus", DeployReader.Cpus(cpus));
                Same(entry, resources.NanoCpus, cpus, "deploy.resources.limits.cpus");
                return service with { Resources = resources with { NanoCpus = cpus } };
            case "mem_limit":
                var memory = reading.Bytes(entry.Node, entry.Path);
                service.Written!.Keep("mem_limit", memory?.ToString());
                Same(entry, resources.MemoryBytes, memory, "deploy.resources.limits.memory");
                return service with { Resources = resources with { MemoryBytes = memory } };
            case "mem_reservation":
                var reserved = reading.Bytes(entry.Node, entry.Path);
                service.Written!.Keep("mem_reservation", reserved?.ToString());
                Same(entry, resources.ReservedMemoryBytes, reserved, "deploy.resources.reservations.memory");
                return service with { Resources = resources with { ReservedMemoryBytes = reserved } };
            default:
                var pids = reading.Integer(entry.Node, entry.Path, -1, int.MaxValue);
                service.Written!.Keep("pids_limit", pids);
                Same(entry, resources.Pids, pids, "deploy.resources.limits.pids");
                return service with { Resources = resources with { Pids = pids } };
        }
    }

    private void Same(Entry entry, long? other, long? value, string otherKey)
    {
        if (other is not null && value is not null && other != value)
            reading.Problems.Error(
                entry.Node.Place,
                entry.Path,
                Duplicate,
                $"{otherKey} says something else; keep one of the two"
            );
    }
}
