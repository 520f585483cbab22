using Sam.Rules.Placement;

namespace Sam.Unit.Tests.Placement;

/// <summary>Machines and requests that fit each other; a test says only what it is about.</summary>
internal static class PlacementSamples
{
    public const long Gi = 1L << 30;

    public static readonly DateTimeOffset Start = new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    public static readonly ProjectKey Shop = new("demo", "shop");

    public static readonly ProjectKey Other = new("demo", "other");

    public static readonly Amounts Medium = new(4000, 8 * Gi, 80 * Gi);

    public static readonly PlacementLimits UpToThree = new(WorkspacesPerMachine: 3);

    public static readonly PlacementRequest Ask = new("w-new", Shop, new Amounts(1000, 2 * Gi, 10 * Gi))
    {
        CredentialSource = "demo/hcloud",
        MaxCoTenants = 4,
        Buyable = [new("cx33", false, Medium), new("cx43", false, new Amounts(8000, 16 * Gi, 160 * Gi))],
    };

    /// <summary>A reachable, ready cx33 in fsn1 of the Project shop, on which nobody is.</summary>
    public static MachineSnapshot Machine(string name = "m1", params Allocation[] tenants) =>
        new($"id-{name}", name, Shop, "7", Start)
        {
            CredentialSource = "demo/hcloud",
            Stage = MachineStage.Ready,
            IsReachable = true,
            Capacity = Medium,
            ServerType = "cx33",
            Location = "fsn1",
            Image = "docker-ce",
            ServerCreatedAt = Start,
            Allocations = tenants,
        };

    /// <summary>A Workspace of the Project shop on a Machine.</summary>
    public static Allocation Tenant(string uid = "w-old", long cpu = 1000, long memoryGi = 2, long diskGi = 10) =>
        new(uid, Shop, new Amounts(cpu, memoryGi * Gi, diskGi * Gi), IsExclusive: false, MaxCoTenants: 4);

    /// <summary>Places the request, or another one.</summary>
    public static PlacementResult Place(IReadOnlyCollection<MachineSnapshot> machines, PlacementRequest? request = null) =>
        PlacementRule.Place(request ?? Ask, machines, UpToThree);

    /// <summary>The Machine that was chosen and why.</summary>
    public static (string Name, PlacementReason Reason) Chosen(PlacementResult result)
    {
        var placed = Assert.IsType<PlacementVerdict.Placed>(result.Verdict);
        return (placed.Name, placed.Reason);
    }
}
