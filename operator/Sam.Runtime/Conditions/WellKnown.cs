namespace Sam.Runtime.Conditions;

/// <summary>Whether the object is as its spec asks, by its other conditions; derived, never set by a step.</summary>
public static class ReadyCondition
{
    /// <summary>The condition.</summary>
    public static readonly ConditionType Type = new("Ready", "Everything that the spec asks for holds now.");

    /// <summary>All conditions that Ready depends on hold.</summary>
    public static readonly Reason AllConditionsTrue = Type.True("Every condition that Ready depends on is True.");

    /// <summary>The object is being deleted.</summary>
    public static readonly Reason Deleting = Type.False("The object is being deleted; the message says what is still there.");

    /// <summary>Nothing was evaluated for this generation yet. Any other reason of Ready is that of the first condition that is not True.</summary>
    public static readonly Reason Waiting = Type.Unknown(
        "A condition was not evaluated for this generation yet; it follows by itself."
    );
}

/// <summary>Exists only while the controller works towards the spec, so that tools tell progress from hopeless (kstatus).</summary>
public static class ReconcilingCondition
{
    /// <summary>The condition.</summary>
    public static readonly ConditionType Type = new("Reconciling", "The controller works towards the spec; look again later.");

    /// <summary>A step waits for something.</summary>
    public static readonly Reason Progressing = Type.True("A step waits for something that takes time; the message names it.");

    /// <summary>A step failed and is tried again.</summary>
    public static readonly Reason Retrying = Type.True(
        "A step failed in a way that time may mend; it is tried again with back-off, for ever."
    );
}

/// <summary>Exists only while the controller cannot go on without a change by somebody (kstatus).</summary>
public static class StalledCondition
{
    /// <summary>The condition.</summary>
    public static readonly ConditionType Type = new("Stalled", "Nothing moves until the spec or something it refers to changes.");

    /// <summary>A step stopped without a reason of its own. Any other reason of Stalled is that of the step that stopped.</summary>
    public static readonly Reason Stopped = Type.True("A step cannot go on; the message says what has to change.");
}
