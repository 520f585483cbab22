namespace Sam.Runtime.Controllers;

/// <summary>How a controller runs.</summary>
public sealed record ControllerOptions
{
    /// <summary>How many entities it works on at once; a run waits on networks, so this has nothing to do with cores.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>The finalizer that keeps an entity until <c>IEntityFinalizer</c> has nothing left; null for none.</summary>
    public string? FinalizerName { get; init; }

    /// <summary>The controller's name in metrics and logs; by default the kind in lower case.</summary>
    public string? Name { get; init; }
}
