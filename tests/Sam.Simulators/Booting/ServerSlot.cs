namespace Sam.Simulators.Booting;

/// <summary>What is known of one server in memory; whether it has power is asked of the engine.</summary>
internal sealed class ServerSlot(string container, string name)
{
    /// <summary>Name of its container and of its disk.</summary>
    public string Container => container;

    public string Name => name;

    /// <summary>One verb at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Null until it was started for the first time.</summary>
    public PublicAddress? Address { get; set; }
}
