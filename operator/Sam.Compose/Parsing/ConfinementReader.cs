using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>What a container may do and use.</summary>
internal sealed class ConfinementReader(Reading reading)
{
    public static bool Reads(string key) =>
        key
            is "cap_add"
                or "cap_drop"
                or "security_opt"
                or "privileged"
                or "read_only"
                or "shm_size"
                or "ulimits"
                or "sysctls"
                or "group_add"
                or "cpu_shares"
                or "cpuset"
                or "memswap_limit";

    public ComposeService Read(ComposeService service, Entry entry)
    {
        var held = service.Confinement ?? new Confinement();
        held = entry.Key switch
        {
            "cap_add" => held with { CapAdd = Safe(entry, SafeSettings.IsCapability, "capability", SafeSettings.Capabilities) },
            "cap_drop" => held with { CapDrop = reading.Words(entry.Node, entry.Path) },
            "security_opt" => Security(service, held, entry),
            "privileged" => Privileged(held, entry),
            "read_only" => held with { ReadOnly = reading.Boolean(entry.Node, entry.Path) },
            "shm_size" => held with { ShmBytes = reading.Bytes(entry.Node, entry.Path) },
            "ulimits" => held with { Ulimits = Ulimits(entry) },
            "sysctls" => held with { Sysctls = Sysctls(entry) },
            "group_add" => held with { GroupAdd = reading.Words(entry.Node, entry.Path) },
            "cpu_shares" => held with { CpuShares = reading.Integer(entry.Node, entry.Path, 0, 262_144) },
            "cpuset" => held with { Cpuset = Cpuset(entry) },
            "memswap_limit" => held with { MemorySwapBytes = Swap(entry) },
            _ => throw new InvalidOperationException($"Key {entry.Key} is in the table and has no reader"),
        };
        return service with { Confinement = held == new Confinement() ? null : held };
    }

    private ImmutableArray<string>? Safe(Entry entry, Func<string, bool> safe, string what, IEnumerable<string> known)
    {
        var words = reading.List(entry.Node, entry.Path)?.Items.Select((item, index) => Judged(item, $"{entry.Path}[{index}]"));
        return words?.OfType<string>().Distinct().ToImmutableArray() is { IsEmpty: false } given ? given : null;

        string? Judged(Node item, string path)
        {
            var word = reading.Scalar(item, path);
            if (word is not null && !safe(word))
                reading.Problems.Error(
                    item.Place,
                    path,
                    Refused,
                    $"{Reading.Shown(item)} is no {what} that SAM gives, since others reach the host; only {string.Join(", ", known)}"
                );
            return word;
        }
    }

    private Confinement Security(ComposeService service, Confinement held, Entry entry)
    {
        var options = Safe(entry, SafeSettings.SecurityOptions.Contains, "security option", ["no-new-privileges:true"]);
        service.Written!.Keep("security_opt", Json.Strings(options));
        return held with { NoNewPrivileges = options is { Length: > 0 } ? true : null };
    }

    private Confinement Privileged(Confinement held, Entry entry)
    {
        if (reading.Boolean(entry.Node, entry.Path) == true)
            reading.Problems.Error(
                entry.Node.Place,
                entry.Path,
                Refused,
                "privileged is not supported. A privileged container owns the host; remove it."
            );
        return held;
    }

    private ImmutableSortedDictionary<string, Ulimit>? Ulimits(Entry entry)
    {
        if (reading.Map(entry.Node, entry.Path) is not { } map)
            return null;
        var limits = Ordinal.Empty<Ulimit>().ToBuilder();
        foreach (var limit in map.Entries.Where(limit => !limit.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            var path = Paths.Join(entry.Path, limit.Key);
            if (!limit.Key.All(char.IsAsciiLetterLower) || limit.Key.Length == 0)
                reading.Invalid(limit.Value, path, "A limit has a name of the kernel, such as nofile");
            else if (limit.Value is MapNode parts)
                limits[limit.Key] = Pair(parts, path);
            else if (reading.Integer(limit.Value, path, -1, long.MaxValue) is { } number)
                limits[limit.Key] = new Ulimit(number, number, Single: true);
        }

        return limits.Count == 0 ? null : limits.ToImmutable();
    }

    private Ulimit Pair(MapNode map, string path)
    {
        long? soft = null;
        long? hard = null;
        foreach (var part in reading.Entries(map, path, KeyScope.Ulimit))
        {
            var number = reading.Integer(part.Node, part.Path, -1, long.MaxValue);
            (soft, hard) = part.Key == "soft" ? (number, hard) : (soft, number);
        }

        if (!map.Entries.Any(part => part.Key == "soft") || !map.Entries.Any(part => part.Key == "hard"))
            reading.Problems.Error(map.Place, path, Required, "A limit needs soft and hard, or one number for both");
        return new Ulimit(soft ?? 0, hard ?? 0);
    }

    private ImmutableSortedDictionary<string, string>? Sysctls(Entry entry)
    {
        var pairs = new PairReader(reading).Plain(
            entry,
            (node, path, name) =>
            {
                if (!SafeSettings.IsSysctl(name))
                    reading.Problems.Error(
                        node.Place,
                        path,
                        Refused,
                        $"Only these are set: {string.Join(", ", SafeSettings.Sysctls)}"
                    );
            }
        );
        return pairs.Count == 0 ? null : pairs;
    }

    private string? Cpuset(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { Length: > 0 } text)
            return null;
        if (text.All(symbol => char.IsAsciiDigit(symbol) || symbol is ',' or '-'))
            return text;
        reading.Invalid(entry.Node, entry.Path, "Write processors like 0-2,4");
        return null;
    }

    private long? Swap(Entry entry)
    {
        if (reading.Scalar(entry.Node, entry.Path) is "-1")
            return -1;
        return reading.Bytes(entry.Node, entry.Path);
    }
}
