using System.ComponentModel.DataAnnotations;

namespace Sam.Operator.Controllers.Machines;

/// <summary>Times of the Machine controller.</summary>
internal sealed record MachineOptions
{
    /// <summary>Longest time from the server's purchase to its address; waiting for capacity does not count.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan CreateDeadline { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest time from the server's address to the engine's first answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan BootDeadline { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Pause between two signs of life.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);
}
