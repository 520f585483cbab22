namespace Sam.Rules.Placement;

/// <summary>A server type that may be bought, by what Workspaces can use of it.</summary>
/// <param name="ServerType">Server type at the provider.</param>
/// <param name="IsArm">64-bit Arm instead of x86.</param>
/// <param name="Capacity">What Workspaces may reserve of it in all.</param>
public sealed record ServerShape(string ServerType, bool IsArm, Amounts Capacity)
{
    private const long Gibi = 1L << 30;
    private const long Giga = 1_000_000_000;

    /// <summary>
    /// What is kept back on every VM: memory of the kernel and the engine, disk of the system and of the tools. No CPU: it is shared by the
    /// kernel, and nothing dies of waiting for it.
    /// </summary>
    public static readonly Amounts SystemReserve = new(0, Gibi / 2, 8 * Giga);

    /// <summary>The capacity of a VM as the provider sells it.</summary>
    /// <param name="cores">vCPUs.</param>
    /// <param name="memoryGib">Memory in GiB; the provider's "GB" of memory are these.</param>
    /// <param name="diskGb">Disk in GB of 10^9 bytes.</param>
    public static Amounts CapacityOf(int cores, decimal memoryGib, int diskGb) =>
        new Amounts(cores * 1000L, (long)(memoryGib * Gibi), diskGb * Giga).Less(SystemReserve);
}
