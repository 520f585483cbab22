using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Random Machines and requests out of few values, so that they meet often. One seed, one world.</summary>
internal sealed class PlacementDice(int seed)
{
    private static readonly ProjectKey[] projects = [Shop, Shop, Shop, Other, new("prod", "shop")];
    private static readonly string?[] pools = [null, "team", "team", "others"];
    private static readonly string[] sources = ["demo/hcloud", "demo/hcloud", "demo/second", ""];
    private static readonly ServerShape[] shapes =
    [
        new("cx23", false, new(2000, 4 * Gi, 40 * Gi)),
        new("cx33", false, Medium),
        new("cx43", false, new(8000, 16 * Gi, 160 * Gi)),
        new("cax21", true, Medium),
    ];

    private readonly Random _random = new(seed);

    public int Next(int most) => _random.Next(most);

    public bool Rarely(int oneIn = 8) => _random.Next(oneIn) == 0;

    public T Any<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public T[] Shuffled<T>(IEnumerable<T> values)
    {
        T[] all = [.. values];
        _random.Shuffle(all);
        return all;
    }

    public PlacementRequest Request(string uid) =>
        new(uid, Any(projects), new Amounts(Next(9) * 500, Next(10) * Gi, Next(6) * 10 * Gi))
        {
            MachinePool = Any(pools),
            CredentialSource = Any(sources),
            IsExclusive = Rarely(),
            MaxCoTenants = Next(4),
            NamedMachine = Rarely() ? $"m{Next(8)}" : null,
            Wish = Wish(),
            Buyable = [.. Shuffled(shapes).Take(Next(5))],
        };

    public PlacementLimits Limits() => new(1 + Next(4), Rarely() ? "the limit is reached" : null);

    /// <summary>A Machine on which nobody is.</summary>
    public MachineSnapshot Machine(int number)
    {
        var shape = Any(shapes);
        var stage = Any([MachineStage.Ready, MachineStage.Ready, MachineStage.Warm, MachineStage.Starting]);
        return new($"id{number}", $"m{number}", Any(projects), $"{Next(1000)}", Start.AddHours(Next(4)))
        {
            MachinePool = Any(pools),
            CredentialSource = Any(sources),
            Use = Rarely() ? MachineUse.Deployment : MachineUse.Workspace,
            Stage = Rarely() ? Any(Enum.GetValues<MachineStage>()) : stage,
            IsDeleting = Rarely(16),
            IsReachable = !Rarely(),
            Capacity = Rarely(16) ? null : shape.Capacity,
            Disk = Rarely() ? DiskLevel.Full : DiskLevel.Filling,
            ServerType = Rarely(16) ? null : shape.ServerType,
            IsArm = shape.IsArm,
            Location = Any(["fsn1", "nbg1", null]),
            Image = Any(["docker-ce", "docker-ce", "debian-13"]),
            ServerCreatedAt = stage == MachineStage.Starting && Rarely(2) ? null : Start.AddMinutes(Next(600)),
            WarmSince = Rarely(2) ? Start.AddMinutes(Next(600)) : null,
            IsPermanent = Rarely(16),
            BoughtFor = Rarely() ? Any(["w3", "w3", "w9"]) : null,
        };
    }

    /// <summary>A Machine with whatever on it, also what no placement would have put there.</summary>
    public MachineSnapshot Crowded(int number) =>
        Machine(number) with
        {
            Allocations = [.. Enumerable.Range(0, Next(4)).Select(_ => Tenant())],
        };

    private Allocation Tenant() =>
        new(
            $"w{Next(40)}",
            Any(projects),
            new Amounts(Next(5) * 500, Next(5) * Gi, Next(4) * 10 * Gi),
            IsExclusive: Rarely(),
            MaxCoTenants: Next(5)
        );

    private MachineWish Wish() =>
        Rarely(2)
            ? MachineWish.None
            : new(
                Rarely() ? "cx33" : null,
                Rarely() ? Any(["Small", "Medium", "Large"]) : null,
                Rarely() ? ["fsn1", "hel1"] : [],
                Rarely() ? Rarely(2) : null,
                Rarely() ? "docker-ce" : null
            );
}
