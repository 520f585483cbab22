using Microsoft.Extensions.Logging;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Steps;

/// <summary>
/// Runs a controller's list over one entity: observes, runs the steps in order, derives the summary conditions, and writes the status at
/// most once (and at checkpoints). The same runner runs the teardown list; there "finished" means that nothing is left.
/// </summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <typeparam name="TContext">What is observed for a run.</typeparam>
/// <param name="contexts">Observes the world before the first step.</param>
/// <param name="conditions">What the kind declares about its conditions.</param>
/// <param name="client">The way to the server.</param>
/// <param name="events">Tells users what changed.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where faults go.</param>
public sealed class StepRunner<TEntity, TContext>(
    IStepContextFactory<TEntity, TContext> contexts,
    IConditionSet<TEntity> conditions,
    IResourceClient<TEntity> client,
    IEventRecorder events,
    TimeProvider timeProvider,
    ILogger<StepRunner<TEntity, TContext>> logger
)
    where TEntity : IConditionedResource
{
    // A stopped teardown keeps its finalizer, so it must look again some time.
    private static readonly TimeSpan s_stoppedTeardown = TimeSpan.FromMinutes(10);

    private readonly WordingBudget _budget = new(timeProvider);

    /// <summary>One run.</summary>
    /// <param name="entity">A private copy; its status is worked on and written.</param>
    /// <param name="steps">The list, in order.</param>
    /// <param name="cancellationToken">Ends the run without a write.</param>
    public async Task<ReconciliationResult<TEntity>> RunAsync(
        TEntity entity,
        IReadOnlyList<IStep<TContext>> steps,
        CancellationToken cancellationToken
    )
    {
        var writer = new StatusWriter<TEntity>(entity, client, _budget);
        try
        {
            var (outcome, changes) = await WorkAsync(entity, steps, writer, cancellationToken);
            if (await writer.ConcludeAsync(cancellationToken) is { } wait)
                return ToResult(entity, outcome with { RunAfter = wait < outcome.RunAfter ? wait : outcome.RunAfter ?? wait });
            foreach (var change in changes)
                events.Record(entity, change.Reason, change.Message, change.IsWarning);
            return ToResult(entity, outcome);
        }
        catch (KubernetesApiException fault) when (fault.IsConflict)
        {
            // Somebody wrote first: what this run decided rests on an older version. The read brings the cache up to date.
            StepLog.Conflict(logger, entity.Kind, entity.Metadata.NamespaceProperty, entity.Metadata.Name, entity.Metadata.Uid);
            await client.GetAsync(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name, cancellationToken);
            return ReconciliationResult<TEntity>.Success(entity, StepRunner.ConflictRetry);
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound)
        {
            return ReconciliationResult<TEntity>.Success(entity); // gone while we worked: the watch will tell
        }
    }

    private async Task<(ListOutcome Outcome, IReadOnlyList<ConditionChange> Changes)> WorkAsync(
        TEntity entity,
        IReadOnlyList<IStep<TContext>> steps,
        StatusWriter<TEntity> writer,
        CancellationToken cancellationToken
    )
    {
        var status = entity.ConditionedStatus;
        var generation = entity.Metadata.Generation ?? 0;
        var now = WholeSeconds(timeProvider.GetUtcNow());
        var conditionWriter = new ConditionWriter(status, generation, now);
        var times = new StepTimes(status, [.. steps.Select(step => step.GetType().Name)], now);
        times.Prepare(status.ObservedGeneration != generation, entity.Metadata.DeletionTimestamp is not null);
        status.ObservedGeneration = generation;

        var run = new StepRun<TEntity>(entity, conditionWriter, timeProvider, writer.WriteAsync);
        var pass = new StepPass<TEntity, TContext>(run, times);
        var outcome = await pass.RunAsync(contexts, steps, cancellationToken);
        if (outcome.Fault is { } fault)
            StepLog.Failed(
                logger,
                fault,
                entity.Kind,
                entity.Metadata.NamespaceProperty,
                entity.Metadata.Name,
                entity.Metadata.Uid,
                outcome.Step
            );

        ConditionSummary.Write(entity, conditionWriter, conditions, outcome);
        conditions.Derive(entity);
        NextCheck.Write(status, outcome.WaitsFor, now, writer.HasChanges);
        return (outcome, pass.Changes);
    }

    private static ReconciliationResult<TEntity> ToResult(TEntity entity, ListOutcome outcome)
    {
        if (outcome.Fault is { } fault)
            return ReconciliationResult<TEntity>.Failure(entity, fault, outcome.RunAfter);
        if (entity.Metadata.DeletionTimestamp is null)
            return ReconciliationResult<TEntity>.Success(entity, outcome.RunAfter);
        return outcome.End == ListEnd.Finished
            ? ReconciliationResult<TEntity>.Success(entity) // nothing is left, so nothing is to be confirmed
            : ReconciliationResult<TEntity>.Success(entity, outcome.RunAfter ?? s_stoppedTeardown);
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
