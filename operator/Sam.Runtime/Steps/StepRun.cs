using k8s;
using k8s.Models;
using Sam.Runtime.Conditions;

namespace Sam.Runtime.Steps;

/// <summary>One run over one entity: its working copy, the clock, conditions, and writes in the middle of a run.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <param name="entity">A private copy; its status is what the run will write.</param>
/// <param name="checkpoint">Writes the status now, guarded by resourceVersion; throws on a lost claim.</param>
/// <param name="conditions">The writer of this entity's conditions.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class StepRun<TEntity>(
    TEntity entity,
    ConditionWriter conditions,
    TimeProvider timeProvider,
    Func<CancellationToken, Task> checkpoint
)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The entity; a run changes its status freely, it is compared and written at the end.</summary>
    public TEntity Entity { get; } = entity;

    /// <summary>Now; fixed for the run, so that its decisions agree.</summary>
    public DateTimeOffset Now { get; } = timeProvider.GetUtcNow();

    /// <summary>The clock, for steps that wait inside.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>Conditions that no step of this list owns but that a step must set all the same.</summary>
    public ConditionWriter Conditions { get; } = conditions;

    /// <summary>When the current step began, over restarts; now, if it begins with this run.</summary>
    public DateTimeOffset StepStartedAt { get; internal set; }

    /// <summary>
    /// Makes the status durable before an outside effect: one conditional write. A conflict throws, so that a lost claim has no effect.
    /// </summary>
    /// <param name="cancellationToken">Ends the write.</param>
    public Task CheckpointAsync(CancellationToken cancellationToken) => checkpoint(cancellationToken);
}
