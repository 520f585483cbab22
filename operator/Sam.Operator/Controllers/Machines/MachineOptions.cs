namespace Sam.Operator.Controllers.Machines;

/// <summary>Times of the Machine controller.</summary>
internal sealed record MachineOptions
{
    /// <summary>Longest time from the server's address to the engine's first answer.</summary>
    public TimeSpan BootDeadline { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Pause between two signs of life.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);
}
