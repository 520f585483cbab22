namespace Sam.Rules.Placement;

/// <summary>Where a value of a reservation comes from, best first.</summary>
public enum ReservationLayer
{
    /// <summary>The Workspace.</summary>
    Workspace,

    /// <summary>The agent profile.</summary>
    Profile,

    /// <summary>The Project.</summary>
    Project,

    /// <summary>The operator's defaults.</summary>
    Operator,
}

/// <summary>A value and where it comes from.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">The layer that set it.</param>
public sealed record Sourced<T>(T Value, ReservationLayer Source);

/// <summary>What is kept free for a Workspace, and who said so, field by field.</summary>
/// <param name="CpuMillis">Thousandths of a vCPU.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="DiskBytes">Disk in bytes.</param>
/// <param name="ExclusiveMachine">It gets a Machine for itself.</param>
/// <param name="MaxCoTenants">How many other Workspaces it tolerates.</param>
public sealed record Reservation(
    Sourced<long> CpuMillis,
    Sourced<long> MemoryBytes,
    Sourced<long> DiskBytes,
    Sourced<bool> ExclusiveMachine,
    Sourced<int> MaxCoTenants
)
{
    /// <summary>CPU, memory and disk together.</summary>
    public Amounts Amounts => new(CpuMillis.Value, MemoryBytes.Value, DiskBytes.Value);

    /// <summary>The best layer that set anything: what a person has to look at first.</summary>
    public ReservationLayer Source =>
        new[] { CpuMillis.Source, MemoryBytes.Source, DiskBytes.Source, ExclusiveMachine.Source, MaxCoTenants.Source }.Min();
}

/// <summary>What one layer says, as it is written there. What is null is left to the next layer.</summary>
/// <param name="Path">Path of these fields in their object, such as <c>spec.resources</c>.</param>
/// <param name="Cpu">CPU as a Kubernetes quantity: <c>500m</c>, <c>2</c>.</param>
/// <param name="Memory">Memory as a Kubernetes quantity: <c>4Gi</c>.</param>
/// <param name="Disk">Disk as a Kubernetes quantity: <c>40Gi</c>.</param>
/// <param name="ExclusiveMachine">A Machine for itself.</param>
/// <param name="MaxCoTenants">How many other Workspaces are tolerated.</param>
public sealed record ResourceWish(
    string Path,
    string? Cpu = null,
    string? Memory = null,
    string? Disk = null,
    bool? ExclusiveMachine = null,
    int? MaxCoTenants = null
);

/// <summary>The last layer; nothing is missing here.</summary>
/// <param name="Amounts">CPU, memory and disk.</param>
/// <param name="ExclusiveMachine">A Machine for itself.</param>
/// <param name="MaxCoTenants">How many other Workspaces are tolerated.</param>
public sealed record ReservationDefaults(Amounts Amounts, bool ExclusiveMachine, int MaxCoTenants)
{
    /// <summary>What holds where the operator's settings say nothing: 2 vCPU, 4 GiB, 40 GiB, shared with up to four others.</summary>
    public static readonly ReservationDefaults BuiltIn = new(new Amounts(2000, 4L << 30, 40L << 30), false, 4);
}

/// <summary>Why a value cannot be reserved.</summary>
public enum ReservationFaultKind
{
    /// <summary>It is not a quantity as they are written here.</summary>
    NotAQuantity,

    /// <summary>No container can run on so little, or it is less than nothing.</summary>
    TooSmall,

    /// <summary>No Machine is that large.</summary>
    TooLarge,
}

/// <summary>A value that cannot be reserved.</summary>
/// <param name="Layer">The layer that has it.</param>
/// <param name="Path">Path of the field in its object, such as <c>spec.resources.cpu</c>.</param>
/// <param name="Kind">Why.</param>
/// <param name="Why">The same in one sentence.</param>
public sealed record ReservationFault(ReservationLayer Layer, string Path, ReservationFaultKind Kind, string Why);

/// <summary>What the layers come to.</summary>
public abstract record ReservationResult
{
    private ReservationResult() { }

    /// <summary>This is reserved.</summary>
    public sealed record Resolved(Reservation Reservation) : ReservationResult;

    /// <summary>Nothing is; every fault is listed.</summary>
    public sealed record Faulty(IReadOnlyList<ReservationFault> Faults) : ReservationResult;
}
