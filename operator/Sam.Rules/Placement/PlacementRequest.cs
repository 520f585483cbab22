namespace Sam.Rules.Placement;

/// <summary>A Project, by where it is and what it is called.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name in it.</param>
public sealed record ProjectKey(string Namespace, string Name);

/// <summary>What a Workspace asks of a Machine.</summary>
/// <param name="WorkspaceUid">UID of the Workspace.</param>
/// <param name="Project">Its Project.</param>
/// <param name="Reserved">What it reserves.</param>
public sealed record PlacementRequest(string WorkspaceUid, ProjectKey Project, Amounts Reserved)
{
    /// <summary>The pool whose Machines its Project shares with other Projects of the namespace; null if it shares none.</summary>
    public string? MachinePool { get; init; }

    /// <summary>Which Secret pays for it: equal keys mean the same account. Says nothing about the value.</summary>
    public string CredentialSource { get; init; } = "";

    /// <summary>It wants the Machine for itself.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>How many other Workspaces it tolerates on its Machine.</summary>
    public int MaxCoTenants { get; init; }

    /// <summary>Name of the Machine that it asks for; null leaves the choice.</summary>
    public string? NamedMachine { get; init; }

    /// <summary>What somebody asked of the VM.</summary>
    public MachineWish Wish { get; init; } = MachineWish.None;

    /// <summary>Server types that may be bought for it, best first.</summary>
    public IReadOnlyList<ServerShape> Buyable { get; init; } = [];
}

/// <summary>What somebody asked of a VM explicitly. What is null is a default, and any will do.</summary>
/// <param name="ServerType">Server type; wins over the size.</param>
/// <param name="Size">Small, Medium or Large.</param>
/// <param name="Locations">Locations; empty if nobody asked for any.</param>
/// <param name="IsArm">64-bit Arm (true) or x86 (false).</param>
/// <param name="Image">Image of the VM.</param>
public sealed record MachineWish(string? ServerType, string? Size, IReadOnlyList<string> Locations, bool? IsArm, string? Image)
{
    /// <summary>Nothing was asked for.</summary>
    public static readonly MachineWish None = new(null, null, [], null, null);
}

/// <summary>What bounds every placement.</summary>
/// <param name="WorkspacesPerMachine">Most Workspaces on one Machine; at least 1.</param>
/// <param name="NoNewMachine">Why none may be bought now (the Project's limit, a quota); null if one may.</param>
public sealed record PlacementLimits(int WorkspacesPerMachine = 3, string? NoNewMachine = null);
