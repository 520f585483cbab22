namespace Sam.Simulators.GitHub;

/// <summary>One issue or pull request: they share their numbers.</summary>
public sealed class SimulatedIssue
{
    internal SimulatedIssue(long id, int number, string author, string title, string? body, DateTimeOffset now)
    {
        (Id, Number, Author, Title, Body) = (id, number, author, title, body);
        (CreatedAt, UpdatedAt) = (now, now);
    }

    /// <summary>Its id.</summary>
    public long Id { get; }

    /// <summary>Its number in the repository.</summary>
    public int Number { get; }

    /// <summary>Who opened it.</summary>
    public string Author { get; }

    /// <summary>Its title.</summary>
    public string Title { get; internal set; }

    /// <summary>Its text.</summary>
    public string? Body { get; internal set; }

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels { get; internal set; } = [];

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => ClosedAt is null;

    /// <summary>What a pull request wants merged; null for an issue.</summary>
    public SimulatedMerge? Merge { get; internal init; }

    /// <summary>What was said, in order.</summary>
    public IReadOnlyList<SimulatedComment> Comments => SaidSoFar;

    internal List<SimulatedComment> SaidSoFar { get; } = [];

    internal DateTimeOffset CreatedAt { get; }

    internal DateTimeOffset UpdatedAt { get; set; }

    internal DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>The two branches of a pull request.</summary>
public sealed record SimulatedMerge(string Head, string Base, bool Draft);

/// <summary>One comment.</summary>
public sealed record SimulatedComment(long Id, string Author, string Text, DateTimeOffset At);
