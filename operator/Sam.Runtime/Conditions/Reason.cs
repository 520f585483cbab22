using System.Runtime.CompilerServices;

namespace Sam.Runtime.Conditions;

/// <summary>Whether a condition holds.</summary>
public enum ConditionStatus
{
    /// <summary>Not known, which is not the same as False.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,

    /// <summary>It does not hold.</summary>
    False,
}

/// <summary>
/// A condition type together with every reason it can have. One static class per condition declares it; a reason of another
/// condition is refused by the writer.
/// </summary>
/// <param name="name">The condition's type, a CamelCase adjective or past participle.</param>
/// <param name="meaning">What it means when True; one sentence for users.</param>
public sealed class ConditionType(string name, string meaning)
{
    private readonly List<Reason> _reasons = [];

    /// <summary>The condition's type as in <c>metav1.Condition.type</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it means when True.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Every declared reason, in order of declaration.</summary>
    public IReadOnlyList<Reason> Reasons => _reasons;

    /// <summary>Declares a reason with which the condition is True; the member's name is the reason.</summary>
    public Reason True(string meaning, [CallerMemberName] string name = "") => Add(name, ConditionStatus.True, meaning);

    /// <summary>Declares a reason with which the condition is False; the member's name is the reason.</summary>
    public Reason False(string meaning, [CallerMemberName] string name = "") => Add(name, ConditionStatus.False, meaning);

    /// <summary>Declares a reason with which the condition is Unknown; the member's name is the reason.</summary>
    public Reason Unknown(string meaning, [CallerMemberName] string name = "") => Add(name, ConditionStatus.Unknown, meaning);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private Reason Add(string name, ConditionStatus status, string meaning)
    {
        var reason = new Reason(this, name, status, meaning);
        _reasons.Add(reason);
        return reason;
    }
}

/// <summary>A reason: a value that carries its condition, its status and its meaning, so that True with a failure reason cannot be written.</summary>
public sealed class Reason
{
    internal Reason(ConditionType condition, string name, ConditionStatus status, string meaning)
    {
        Condition = condition;
        Name = name;
        Status = status;
        Meaning = meaning;
    }

    /// <summary>The condition it belongs to.</summary>
    public ConditionType Condition { get; }

    /// <summary>As in <c>metav1.Condition.reason</c>.</summary>
    public string Name { get; }

    /// <summary>The status that comes with it.</summary>
    public ConditionStatus Status { get; }

    /// <summary>What it means and what to do; one sentence for users.</summary>
    public string Meaning { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Condition.Name}/{Name}";
}
