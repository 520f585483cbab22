namespace Sam.DevCluster.Cel;

/// <summary>The functions of the subset: receiver, name, arguments and result; T is the type of a list's items.</summary>
internal static class CelSignatures
{
    // One line per overload: "receiver|arguments result"; an empty receiver is a plain function.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["size"] = ["|string int", "|list int", "|map int", "string| int", "list| int", "map| int"],
        ["startsWith"] = ["string|string bool"],
        ["endsWith"] = ["string|string bool"],
        ["contains"] = ["string|string bool"],
        ["matches"] = ["string|string bool", "|string,string bool"],
        ["find"] = ["string|string string"],
        ["findAll"] = ["string|string list(string)", "string|string,int list(string)"],
        ["lowerAscii"] = ["string| string"],
        ["upperAscii"] = ["string| string"],
        ["trim"] = ["string| string"],
        ["split"] = ["string|string list(string)", "string|string,int list(string)"],
        ["join"] = ["list| string", "list|string string"],
        ["replace"] = ["string|string,string string", "string|string,string,int string"],
        ["substring"] = ["string|int string", "string|int,int string"],
        ["charAt"] = ["string|int string"],
        ["indexOf"] = ["string|string int", "list|T int"],
        ["lastIndexOf"] = ["string|string int", "list|T int"],
        ["isSorted"] = ["list| bool"],
        ["sum"] = ["list| T"],
        ["min"] = ["list| T"],
        ["max"] = ["list| T"],
        ["string"] = ["|int string", "|double string", "|bool string", "|string string", "|timestamp string", "|duration string"],
        ["int"] = ["|int int", "|double int", "|string int", "|timestamp int"],
        ["double"] = ["|int double", "|double double", "|string double"],
        ["bool"] = ["|bool bool", "|string bool"],
        ["dyn"] = ["|dyn dyn"],
        ["duration"] = ["|string duration", "|duration duration"],
        ["timestamp"] = ["|string timestamp", "|timestamp timestamp"],
        ["getFullYear"] = ["timestamp| int"],
        ["getMonth"] = ["timestamp| int"],
        ["getDate"] = ["timestamp| int"],
        ["getDayOfMonth"] = ["timestamp| int"],
        ["getDayOfWeek"] = ["timestamp| int"],
        ["getDayOfYear"] = ["timestamp| int"],
        ["getHours"] = ["timestamp| int", "duration| int"],
        ["getMinutes"] = ["timestamp| int", "duration| int"],
        ["getSeconds"] = ["timestamp| int", "duration| int"],
        ["getMilliseconds"] = ["timestamp| int", "duration| int"],
        ["quantity"] = ["|string quantity"],
        ["isQuantity"] = ["|string bool"],
        ["isLessThan"] = ["quantity|quantity bool"],
        ["isGreaterThan"] = ["quantity|quantity bool"],
        ["compareTo"] = ["quantity|quantity int"],
        ["hasValue"] = ["optional| bool"],
        ["value"] = ["optional| T"],
        ["orValue"] = ["optional|T T"],
    };

    // In Kubernetes' own CEL, but not in this one.
    private static readonly string[] Unsupported =
    [
        "ip",
        "isIP",
        "cidr",
        "isCIDR",
        "url",
        "isURL",
        "semver",
        "isSemver",
        "format",
        "sets",
        "type",
        "bytes",
        "uint",
        "optMap",
        "optFlatMap",
        "sortBy",
        "flatten",
        "slice",
        "distinct",
        "reverse",
    ];

    /// <summary>The type of a call, or the reason why there is none.</summary>
    public static CelType Resolve(CelType? receiver, string name, IReadOnlyList<CelType> arguments, int at)
    {
        if (!Known.TryGetValue(name, out var overloads))
            throw new CelException(
                Unsupported.Contains(name)
                    ? $"'{name}' is outside of the subset of CEL that the dev cluster supports"
                    : $"undeclared reference to '{name}' (in container '')",
                at
            );
        foreach (var overload in overloads)
        {
            var (owner, rest) = (overload.Split('|')[0], overload.Split('|')[1]);
            var parts = rest.Split(' ');
            var wanted = parts[0].Length == 0 ? [] : parts[0].Split(',');
            if (receiver is null != (owner.Length == 0) || wanted.Length != arguments.Count)
                continue;
            var item = receiver?.Value ?? CelType.Dyn;
            if (receiver is not null && !receiver.Fits(new CelType(owner)))
                continue;
            if (wanted.Zip(arguments).All(pair => pair.Second.Fits(pair.First == "T" ? item : new CelType(pair.First))))
                return parts[1] == "T" ? item
                    : parts[1] == "list(string)" ? CelType.List(CelType.Text)
                    : new CelType(parts[1]);
        }
        var given = $"({string.Join(", ", arguments)})";
        throw new CelException(
            $"found no matching overload for '{name}' applied to '{(receiver is null ? given : $"{receiver}.{given}")}'",
            at
        );
    }
}
