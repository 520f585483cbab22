using k8s;
using k8s.Models;
using Sam.Runtime.Conditions;

namespace Sam.Runtime.Steps;

/// <summary>One step of a controller's list: one file, at most one condition.</summary>
/// <typeparam name="TContext">What was observed for this run.</typeparam>
public interface IStep<in TContext>
{
    /// <summary>The condition that this step owns; null for a step that only acts or guards.</summary>
    ConditionType? Condition { get; }

    /// <summary>Runs the step. An exception makes the condition Unknown with the fault's category, and the run is retried with back-off.</summary>
    Task<StepResult> RunAsync(TContext context, CancellationToken cancellationToken);
}

/// <summary>Gathers what a run needs, before the first step; a fault here is a fault of the run.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <typeparam name="TContext">What is gathered.</typeparam>
public interface IStepContextFactory<TEntity, TContext>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Observes the world for one run.</summary>
    /// <param name="run">The run: the entity with its working status, the clock, and checkpoints.</param>
    /// <param name="cancellationToken">Ends the observation.</param>
    Task<TContext> ObserveAsync(StepRun<TEntity> run, CancellationToken cancellationToken);
}

/// <summary>What a kind declares about its conditions: which there are, which make it Ready, and what else follows from them.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IConditionSet<in TEntity>
{
    /// <summary>Every condition of the kind, in the order in which users read them; Ready stands first by itself.</summary>
    IReadOnlyList<ConditionType> All { get; }

    /// <summary>The conditions that must all be True for Ready to be True.</summary>
    IReadOnlyList<ConditionType> ForReady { get; }

    /// <summary>Those of them that count for this entity; all, where a kind does not say otherwise.</summary>
    IReadOnlyList<ConditionType> ForReadyOf(TEntity entity) => ForReady;

    /// <summary>Derives what depends on the conditions (a phase); called last, before the status is compared and written.</summary>
    void Derive(TEntity entity);
}
