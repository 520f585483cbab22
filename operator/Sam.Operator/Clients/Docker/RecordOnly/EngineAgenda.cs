namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>What is to happen when, in order of time and then of planning: the same run each time. Not safe for threads; its owner locks.</summary>
internal sealed class EngineAgenda
{
    private readonly PriorityQueue<Action<DateTimeOffset>, (DateTimeOffset Due, long Order)> entries = new();
    private long order;

    public DateTimeOffset? NextDue => entries.TryPeek(out _, out var key) ? key.Due : null;

    public void Plan(DateTimeOffset due, Action<DateTimeOffset> action) => entries.Enqueue(action, (due, order++));

    /// <summary>Runs what is due, each at its own time, also what that plans in turn.</summary>
    public void RunUntil(DateTimeOffset now)
    {
        while (entries.TryPeek(out var action, out var key) && key.Due <= now)
        {
            entries.Dequeue();
            action(key.Due);
        }
    }
}
