using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;

namespace Sam.Runtime.Steps;

/// <summary>Derives Ready, Reconciling and Stalled from a run, and keeps the order in which people read conditions.</summary>
internal static class ConditionSummary
{
    /// <summary>Writes the three, and sorts.</summary>
    public static void Write<TEntity>(TEntity entity, ConditionWriter writer, IConditionSet<TEntity> set, ListOutcome outcome)
        where TEntity : IConditionedResource
    {
        WriteReady(entity, writer, set, outcome);
        WriteReconciling(writer, outcome);
        WriteStalled(writer, outcome);
        Sort(entity.ConditionedStatus, set.All);
    }

    private static void WriteReady<TEntity>(
        TEntity entity,
        ConditionWriter writer,
        IConditionSet<TEntity> set,
        ListOutcome outcome
    )
        where TEntity : IConditionedResource
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            writer.Set(ReadyCondition.Deleting, outcome.Text);
            return;
        }

        var states = set.ForReadyOf(entity)
            .Select(type => State(writer.Find(type.Name), type, entity.Metadata.Generation ?? 0))
            .ToList();
        if (states.Count == 0 && outcome.End != ListEnd.Finished)
            writer.Set(ReadyCondition.Waiting, outcome.Text);
        else if (states.FirstOrDefault(state => state.Status != ConditionStatus.True) is not { } first)
            writer.Set(ReadyCondition.AllConditionsTrue, "All conditions hold");
        else
            writer.Set(
                ReadyCondition.Type.Name,
                states.Exists(state => state.Status == ConditionStatus.False) ? ConditionStatus.False : ConditionStatus.Unknown,
                first.Reason,
                first.Message
            );
    }

    private static void WriteReconciling(ConditionWriter writer, ListOutcome outcome)
    {
        if (outcome.End == ListEnd.Waiting)
            writer.Set(ReconcilingCondition.Progressing, outcome.Text);
        else if (outcome.End == ListEnd.Failed)
            writer.Set(ReconcilingCondition.Retrying, outcome.Text);
        else
            writer.Remove(ReconcilingCondition.Type.Name);
    }

    private static void WriteStalled(ConditionWriter writer, ListOutcome outcome)
    {
        if (outcome.End != ListEnd.Stopped)
            writer.Remove(StalledCondition.Type.Name);
        else
            writer.Set(
                StalledCondition.Type.Name,
                ConditionStatus.True,
                outcome.Reason?.Name ?? StalledCondition.Stopped.Name,
                outcome.Text
            );
    }

    // What was found for an older generation says nothing about this one.
    private static Judged State(V1Condition? condition, ConditionType type, long generation)
    {
        if (condition is null)
            return new Judged(ConditionStatus.Unknown, FaultReasons.Waiting, $"{type.Name} was not evaluated yet");
        var status = Enum.TryParse<ConditionStatus>(condition.Status, out var parsed) ? parsed : ConditionStatus.Unknown;
        return status == ConditionStatus.True && condition.ObservedGeneration < generation
            ? new Judged(ConditionStatus.Unknown, FaultReasons.Waiting, $"{type.Name} was not evaluated for this generation yet")
            : new Judged(status, condition.Reason, condition.Message);
    }

    private static void Sort(ConditionedStatus status, IReadOnlyList<ConditionType> all)
    {
        var order = all.Select(type => type.Name).ToList();
        var sorted = status.Conditions.OrderBy(condition => Rank(condition.Type, order)).ToList();
        status.Conditions.Clear();
        foreach (var condition in sorted)
            status.Conditions.Add(condition);
    }

    private static int Rank(string type, List<string> order)
    {
        if (type == ReadyCondition.Type.Name)
            return -1;
        var index = order.IndexOf(type);
        return index >= 0 ? index : int.MaxValue;
    }

    private sealed record Judged(ConditionStatus Status, string Reason, string Message);
}
