using System.ComponentModel.DataAnnotations;

namespace Sam.Operator.Controllers.Machines.Sweep;

/// <summary>How what nobody owns is looked for at the provider.</summary>
internal sealed record SweepOptions
{
    /// <summary>Orphans are told of and kept; switch it off to have them deleted.</summary>
    public bool DryRun { get; init; } = true;

    /// <summary>Pause between two sweeps.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Age below which nothing is an orphan.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most deletes in one sweep.</summary>
    [Range(1, 100)]
    public int MaxDeletes { get; init; } = 5;
}
