using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>How far a replacement of the node's VM is.</summary>
public enum ReplacementPhase
{
    /// <summary>The new VM is being made; nothing of what serves is touched.</summary>
    Preparing,

    /// <summary>Apps come up on the new VM; the old one serves.</summary>
    Moving,

    /// <summary>The new VM serves; the old one goes on until DNS has followed.</summary>
    Draining,

    /// <summary>The old VM is given back.</summary>
    Retiring,

    /// <summary>Its volumes and its kept address come to the new one.</summary>
    TakingOver,
}

/// <summary>A replacement of the node's VM.</summary>
public sealed record NodeReplacement
{
    /// <summary>The other Machine: the one that comes while Preparing, the one that goes from then on.</summary>
    [Required]
    public LocalReference MachineRef { get; set; } = new();

    /// <summary>Identity of that Machine.</summary>
    [Required]
    public string MachineId { get; set; } = "";

    /// <summary>How far it is.</summary>
    public ReplacementPhase Phase { get; set; }

    /// <summary>What is asked for and is not so.</summary>
    public string? Why { get; set; }

    /// <summary>When it began (RFC 3339).</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Apps that served when the move began and must do so on the new VM before it goes on.</summary>
    [ListSet, MaxItems(200)]
    public IList<string>? WaitsFor { get; set; }

    /// <summary>Until when the old VM serves those whose DNS is old (RFC 3339).</summary>
    public DateTimeOffset? DrainUntil { get; set; }

    /// <summary>Since when the node cannot be reached, while its kept address moves (RFC 3339).</summary>
    public DateTimeOffset? DownSince { get; set; }
}

/// <summary>A replacement that is done.</summary>
public sealed record NodeReplaced
{
    /// <summary>The Machine that went.</summary>
    public string? From { get; set; }

    /// <summary>The Machine that came.</summary>
    public string? To { get; set; }

    /// <summary>When it began (RFC 3339).</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it was done (RFC 3339).</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How long the node could not be reached, while its kept address moved; absent if it could all the time.</summary>
    public Duration? Downtime { get; set; }
}
