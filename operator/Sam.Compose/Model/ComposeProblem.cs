namespace Sam.Compose.Model;

/// <summary>What kind of mistake it is; the message names the way out.</summary>
public enum ProblemCode
{
    /// <summary>The text is no YAML document SAM reads.</summary>
    Syntax,

    /// <summary>A key that the Compose specification does not know.</summary>
    UnknownKey,

    /// <summary>A key or value of the specification that SAM does not run.</summary>
    Refused,

    /// <summary>A value of the wrong type or form.</summary>
    InvalidValue,

    /// <summary>A key that must be there is not.</summary>
    Required,

    /// <summary>A variable without a value: an error where the file says so (`:?`), else a warning.</summary>
    MissingVariable,

    /// <summary>A name that is declared nowhere.</summary>
    UndefinedReference,

    /// <summary>Services that wait for each other.</summary>
    Cycle,

    /// <summary>Two entries that cannot both hold.</summary>
    Duplicate,

    /// <summary>A document beyond the limits (size, depth, alias expansion).</summary>
    TooLarge,

    /// <summary>Warning: the key is accepted and has no effect.</summary>
    Ignored,
}

/// <summary>One mistake in a Compose file or its routes: where, what kind, and a sentence with the way out.</summary>
public sealed record ComposeProblem(string Path, ProblemCode Code, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
