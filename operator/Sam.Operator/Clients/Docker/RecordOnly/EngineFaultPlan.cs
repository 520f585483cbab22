namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>A planned fault of one call.</summary>
/// <param name="Kind">What is thrown.</param>
/// <param name="AfterEffect">The effect happens and its answer is lost.</param>
internal readonly record struct PlannedFault(EngineErrorKind Kind, bool AfterEffect);

/// <summary>Faults and latency by the name of a call (the method's without <c>Async</c>, such as <c>CreateContainer</c>); <c>*</c> = every call.</summary>
public sealed class EngineFaultPlan
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<PlannedFault>> faults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> latencies = new(StringComparer.Ordinal);

    /// <summary>The next calls of this name fail before they do anything.</summary>
    public EngineFaultPlan Fail(string call, EngineErrorKind kind, int times = 1) =>
        Add(call, new PlannedFault(kind, false), times);

    /// <summary>The next calls of this name do what they should, and their answers are lost.</summary>
    public EngineFaultPlan LoseAnswer(string call, int times = 1) =>
        Add(call, new PlannedFault(EngineErrorKind.Unreachable, true), times);

    /// <summary>Calls of this name take this long, in the engine's own time.</summary>
    public EngineFaultPlan Slow(string call, TimeSpan latency)
    {
        lock (gate)
        {
            latencies[call] = latency;
        }

        return this;
    }

    internal TimeSpan LatencyOf(string call)
    {
        lock (gate)
        {
            return latencies.TryGetValue(call, out var latency) ? latency : latencies.GetValueOrDefault("*");
        }
    }

    internal PlannedFault? Take(string call)
    {
        lock (gate)
        {
            return TakeFrom(call) ?? TakeFrom("*");
        }
    }

    private PlannedFault? TakeFrom(string call) =>
        faults.TryGetValue(call, out var planned) && planned.TryDequeue(out var fault) ? fault : null;

    private EngineFaultPlan Add(string call, PlannedFault fault, int times)
    {
        lock (gate)
        {
            if (!faults.TryGetValue(call, out var planned))
            {
                faults[call] = planned = new Queue<PlannedFault>();
            }

            for (var i = 0; i < times; i++)
            {
                planned.Enqueue(fault);
            }
        }

        return this;
    }
}
