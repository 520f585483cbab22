using k8s;
using k8s.Models;

namespace Sam.Runtime.Abstractions;

/// <summary>Brings the world towards one entity's spec. One call at a time per entity; called again until it succeeds.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IEntityController<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One run. An exception is retried with back-off for ever.</summary>
    /// <param name="entity">A private copy of the cached object.</param>
    /// <param name="cancellationToken">Ends when leadership or the process ends.</param>
    Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);
}

/// <summary>Takes the world back before an entity goes; the finalizer is removed once the result says that nothing is left.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IEntityFinalizer<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One run of the teardown. Success without a requeue means: nothing is left.</summary>
    /// <param name="entity">A private copy of the cached object.</param>
    /// <param name="cancellationToken">Ends when leadership or the process ends.</param>
    Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken);
}

/// <summary>What a run came to.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public sealed record ReconciliationResult<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity entity, bool isSuccess, TimeSpan? requeueAfter, Exception? error)
    {
        Entity = entity;
        IsSuccess = isSuccess;
        RequeueAfter = requeueAfter;
        Error = error;
    }

    /// <summary>The entity as the run left it.</summary>
    public TEntity Entity { get; }

    /// <summary>False asks for back-off.</summary>
    public bool IsSuccess { get; }

    /// <summary>When to run again without a change; absent = on change only.</summary>
    public TimeSpan? RequeueAfter { get; }

    /// <summary>The fault behind a failure.</summary>
    public Exception? Error { get; }

    /// <summary>The run did what it could.</summary>
    /// <param name="entity">The entity as the run left it.</param>
    /// <param name="requeueAfter">When to run again without a change.</param>
    public static ReconciliationResult<TEntity> Success(TEntity entity, TimeSpan? requeueAfter = null) =>
        new(entity, true, requeueAfter, null);

    /// <summary>The run failed in a way that time may mend: retried with back-off, or after <paramref name="requeueAfter"/>.</summary>
    /// <param name="entity">The entity as the run left it.</param>
    /// <param name="error">The fault.</param>
    /// <param name="requeueAfter">Overrides the back-off, for faults that say when to come back (Retry-After).</param>
    public static ReconciliationResult<TEntity> Failure(TEntity entity, Exception error, TimeSpan? requeueAfter = null) =>
        new(entity, false, requeueAfter, error);
}
