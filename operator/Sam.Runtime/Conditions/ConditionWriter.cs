using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Conditions;

/// <summary>The only writer of conditions: keeps transition times honest and texts bounded.</summary>
/// <param name="status">The status that holds the conditions.</param>
/// <param name="generation">The generation that the run speaks of.</param>
/// <param name="now">The time of the run.</param>
public sealed class ConditionWriter(ConditionedStatus status, long generation, DateTimeOffset now)
{
    /// <summary>Longest message in characters; a longer one is cut.</summary>
    public const int MessageLimit = 500;

    /// <summary>Sets a condition from a typed reason.</summary>
    public void Set(Reason reason, string message) => Set(reason.Condition.Name, reason.Status, reason.Name, message);

    /// <summary>Removes a condition that exists only while true.</summary>
    public void Remove(string type)
    {
        if (Find(type) is { } found)
            status.Conditions.Remove(found);
    }

    /// <summary>The condition as it stands, or null.</summary>
    public V1Condition? Find(string type) => status.Conditions.FirstOrDefault(condition => condition.Type == type);

    // Never half a character: the server would write back another one, and it would be a difference for ever.
    private static int CutAt(string message) =>
        char.IsHighSurrogate(message[MessageLimit - 2]) ? MessageLimit - 2 : MessageLimit - 1;

    internal void Set(string type, ConditionStatus value, string reason, string message)
    {
        var text = message.Length <= MessageLimit ? message : string.Concat(message.AsSpan(0, CutAt(message)), "…");
        var existing = Find(type);
        if (existing is null)
        {
            existing = new V1Condition { Type = type };
            status.Conditions.Add(existing);
        }

        if (existing.Status != value.ToString())
            existing.LastTransitionTime = now.UtcDateTime;
        existing.Status = value.ToString();
        existing.Reason = reason;
        existing.Message = text;
        existing.ObservedGeneration = generation;
    }
}
