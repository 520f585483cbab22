using Sam.Runtime.Conditions;

namespace Sam.Runtime.Steps;

/// <summary>How a run over a list ended.</summary>
internal enum ListEnd
{
    /// <summary>Every step continued.</summary>
    Finished,

    /// <summary>A step waits.</summary>
    Waiting,

    /// <summary>A step stopped.</summary>
    Stopped,

    /// <summary>A step threw.</summary>
    Failed,
}

/// <summary>What a run over a list came to.</summary>
internal sealed record ListOutcome(ListEnd End)
{
    /// <summary>The step that ended the list; null if it finished, or if the observation before it failed.</summary>
    public string? Step { get; init; }

    /// <summary>The reason of that step.</summary>
    public Reason? Reason { get; init; }

    /// <summary>What that step said.</summary>
    public string Message { get; init; } = "";

    /// <summary>The fault, if it threw.</summary>
    public Exception? Fault { get; init; }

    /// <summary>When to look again: the minimum over everything that asked.</summary>
    public TimeSpan? RunAfter { get; init; }

    /// <summary>The part of <see cref="RunAfter"/> for which the object waits, which people want to see.</summary>
    public TimeSpan? WaitsFor { get; init; }

    /// <summary>The message with the step that said it.</summary>
    public string Text => Step is null ? Message : $"{Step}: {Message}";
}
