using Sam.Runtime.Conditions;

namespace Sam.Runtime.Steps;

/// <summary>What a step came to; four words with one meaning each (the fourth is an exception).</summary>
public abstract record StepResult
{
    private StepResult() { }

    /// <summary>The step's reason, or null for a step without a condition that had nothing to say.</summary>
    public Reason? Reason { get; init; }

    /// <summary>One sentence with numbers, no secret.</summary>
    public string Message { get; init; } = "";

    // What traces call it.
    internal string Word =>
        this switch
        {
            Continued => "continue",
            Requeued => "requeue",
            Stopped => "stop",
            _ => throw new InvalidOperationException($"Unhandled step result {this}"),
        };

    /// <summary>The condition holds; the list goes on.</summary>
    /// <param name="ReconfirmAfter">Asks for another run after this time although all is well, for what no watch tells.</param>
    public sealed record Continued(TimeSpan? ReconfirmAfter) : StepResult;

    /// <summary>Waiting: the rest is skipped, the object is Reconciling, and the run is repeated after this time or on a change.</summary>
    /// <param name="After">When to look again.</param>
    public sealed record Requeued(TimeSpan After) : StepResult;

    /// <summary>Hopeless as it is: the rest is skipped and the object is Stalled until its spec or a watched object changes.</summary>
    /// <param name="RecheckAfter">Looks again after this time all the same, where the cause may go without a change that we can watch.</param>
    public sealed record Stopped(TimeSpan? RecheckAfter) : StepResult;

    /// <summary>The condition holds; the list goes on.</summary>
    public static StepResult Continue(Reason? reason = null, string message = "", TimeSpan? reconfirmAfter = null) =>
        new Continued(reconfirmAfter) { Reason = reason, Message = message };

    /// <summary>Waiting; the rest of the list is skipped.</summary>
    public static StepResult Requeue(TimeSpan after, Reason? reason, string message) =>
        new Requeued(after) { Reason = reason, Message = message };

    /// <summary>Hopeless as it is; the rest of the list is skipped.</summary>
    public static StepResult Stop(Reason? reason, string message, TimeSpan? recheckAfter = null) =>
        new Stopped(recheckAfter) { Reason = reason, Message = message };
}
