namespace Sam.Rules.Placement;

/// <summary>What is counted of a Machine.</summary>
public enum Resource
{
    /// <summary>Thousandths of a vCPU.</summary>
    Cpu,

    /// <summary>Memory in bytes.</summary>
    Memory,

    /// <summary>Disk in bytes.</summary>
    Disk,
}

/// <summary>CPU, memory and disk together: what a Machine has, or what a Workspace reserves of it.</summary>
/// <param name="CpuMillis">Thousandths of a vCPU.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="DiskBytes">Disk in bytes.</param>
public sealed record Amounts(long CpuMillis, long MemoryBytes, long DiskBytes)
{
    // Of one quantity suffix to the next: Ki, Mi, Gi.
    private const long Kibi = 1024;

    /// <summary>Nothing at all.</summary>
    public static readonly Amounts None = new(0, 0, 0);

    // In the order in which a lack of them is told.
    private static readonly Resource[] all = [Resource.Cpu, Resource.Memory, Resource.Disk];

    /// <summary>Both together; stops at the largest number instead of wrapping around, so that nonsense on one Machine frees nothing.</summary>
    /// <param name="other">The other.</param>
    public Amounts Plus(Amounts other) =>
        new(Sum(CpuMillis, other.CpuMillis), Sum(MemoryBytes, other.MemoryBytes), Sum(DiskBytes, other.DiskBytes));

    /// <summary>What is left after taking; never less than nothing.</summary>
    /// <param name="taken">What is taken.</param>
    public Amounts Less(Amounts taken) =>
        new(Rest(CpuMillis, taken.CpuMillis), Rest(MemoryBytes, taken.MemoryBytes), Rest(DiskBytes, taken.DiskBytes));

    /// <summary>The first resource of which this is less than what is needed; null if it is enough.</summary>
    /// <param name="needed">What is needed.</param>
    public Resource? Lacks(Amounts needed)
    {
        foreach (var resource in all)
        {
            if (Of(resource) < needed.Of(resource))
                return resource;
        }

        return null;
    }

    /// <summary>How much of one resource: thousandths of a vCPU, or bytes.</summary>
    /// <param name="resource">Which.</param>
    public long Of(Resource resource) =>
        resource switch
        {
            Resource.Cpu => CpuMillis,
            Resource.Memory => MemoryBytes,
            Resource.Disk => DiskBytes,
            _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "Unknown resource"),
        };

    /// <summary>How much of one resource, as a Kubernetes quantity: <c>500m</c>, <c>4Gi</c>.</summary>
    /// <param name="resource">Which.</param>
    public string Text(Resource resource) => resource == Resource.Cpu ? $"{CpuMillis}m" : Bytes(Of(resource));

    /// <inheritdoc/>
    public override string ToString() => $"cpu {Text(Resource.Cpu)}, memory {Text(Resource.Memory)}, disk {Text(Resource.Disk)}";

    // Exact, or a person compares two numbers that look the same and are not.
    private static string Bytes(long bytes) =>
        bytes switch
        {
            > 0 when bytes % (Kibi * Kibi * Kibi) == 0 => $"{bytes / (Kibi * Kibi * Kibi)}Gi",
            > 0 when bytes % (Kibi * Kibi) == 0 => $"{bytes / (Kibi * Kibi)}Mi",
            _ => $"{bytes}",
        };

    private static long Sum(long one, long other) =>
        one > long.MaxValue - Positive(other) ? long.MaxValue : one + Positive(other);

    private static long Rest(long whole, long taken) => Math.Max(0, whole - Positive(taken));

    // A negative reservation would make room that is not there.
    private static long Positive(long amount) => Math.Max(0, amount);
}
