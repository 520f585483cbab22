using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Observability;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Steps;

/// <summary>One pass over a list: runs step by step, sets each step's condition and times, and collects what to tell.</summary>
/// <param name="run">The run.</param>
/// <param name="times">The steps' times.</param>
internal sealed class StepPass<TEntity, TContext>(StepRun<TEntity> run, StepTimes times)
    where TEntity : IConditionedResource
{
    private TimeSpan? _runAfter;

    /// <summary>Changes of conditions, to be recorded once they are written.</summary>
    public List<ConditionChange> Changes { get; } = [];

    /// <summary>Observes, then runs until a step does not continue. A conflict and the end of the process are thrown.</summary>
    public async Task<ListOutcome> RunAsync(
        IStepContextFactory<TEntity, TContext> contexts,
        IReadOnlyList<IStep<TContext>> steps,
        CancellationToken cancellationToken
    )
    {
        TContext context;
        try
        {
            run.StepStartedAt = run.Now;
            context = await contexts.ObserveAsync(run, cancellationToken);
        }
#pragma warning disable CA1031 // the runner is one of the two places that catch: whatever it is, it is shown and retried
        catch (Exception fault) when (IsFaultOfTheRun(fault, cancellationToken))
#pragma warning restore CA1031
        {
            return Failed(null, fault);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (await RunStepAsync(steps[i], context, cancellationToken) is not { } end)
                continue;
            foreach (var later in steps.Skip(i + 1))
                MarkWaiting(later.Condition, end.Step!);
            return end;
        }

        return new ListOutcome(ListEnd.Finished) { RunAfter = _runAfter };
    }

    private async Task<ListOutcome?> RunStepAsync(IStep<TContext> step, TContext context, CancellationToken cancellationToken)
    {
        var name = step.GetType().Name;
        using var span = RuntimeTracing.StartStep(name);
        run.StepStartedAt = times.Begin(name);
        try
        {
            var result = await step.RunAsync(context, cancellationToken);
            RefuseForeignReason(step, result);
            span.SetResult(result.Word);
            return Take(name, result);
        }
#pragma warning disable CA1031 // see above
        catch (Exception fault) when (IsFaultOfTheRun(fault, cancellationToken))
#pragma warning restore CA1031
        {
            span.SetFault(fault);
            if (step.Condition is { } condition)
                Set(condition.Name, ConditionStatus.Unknown, FaultReasons.Of(fault), fault.Message, isWarning: true);
            return Failed(name, fault);
        }
    }

    private ListOutcome? Take(string name, StepResult result)
    {
        var isWarning = result is StepResult.Stopped;
        if (result.Reason is { } reason)
            Set(reason.Condition.Name, reason.Status, reason.Name, result.Message, isWarning);
        switch (result)
        {
            case StepResult.Continued(var reconfirmAfter):
                times.Finish(name);
                _runAfter = Earlier(_runAfter, reconfirmAfter);
                return null;
            case StepResult.Requeued(var after):
                times.Unfinish(name);
                return Ended(ListEnd.Waiting, name, result, after);
            case StepResult.Stopped(var recheckAfter):
                times.Unfinish(name);
                return Ended(ListEnd.Stopped, name, result, recheckAfter);
            default:
                throw new InvalidOperationException($"Unhandled step result {result}");
        }
    }

    private ListOutcome Ended(ListEnd end, string name, StepResult result, TimeSpan? waitsFor) =>
        new(end)
        {
            Step = name,
            Reason = result.Reason,
            Message = result.Message,
            WaitsFor = waitsFor,
            RunAfter = Earlier(_runAfter, waitsFor),
        };

    private static ListOutcome Failed(string? name, Exception fault) =>
        new(ListEnd.Failed)
        {
            Step = name,
            Message = fault.Message,
            Fault = fault,
            RunAfter = FaultReasons.RetryAfterOf(fault),
            WaitsFor = FaultReasons.RetryAfterOf(fault),
        };

    private void MarkWaiting(ConditionType? condition, string blocker)
    {
        if (condition is not null && run.Conditions.Find(condition.Name) is null)
            run.Conditions.Set(condition.Name, ConditionStatus.Unknown, FaultReasons.Waiting, $"Waits for {blocker}");
    }

    private void Set(string type, ConditionStatus status, string reason, string message, bool isWarning)
    {
        var before = run.Conditions.Find(type);
        if (before?.Status != status.ToString() || before.Reason != reason)
            Changes.Add(new ConditionChange(reason, message, isWarning && status != ConditionStatus.True));
        run.Conditions.Set(type, status, reason, message);
    }

    // A step speaks only for its own condition, and does not call True what it waits for: that is a mistake in code, and shown as one.
    private static void RefuseForeignReason(IStep<TContext> step, StepResult result)
    {
        var name = step.GetType().Name;
        if (step.Condition is { } owned && result.Reason?.Condition != owned)
            throw new InvalidOperationException(
                $"{name} owns {owned} and answered with {result.Reason?.ToString() ?? "no reason"}"
            );
        if (result is not StepResult.Continued && result.Reason is { Status: ConditionStatus.True } reason)
            throw new InvalidOperationException($"{name} does not continue and answered with {reason}, which is True");
    }

    private static bool IsFaultOfTheRun(Exception fault, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && fault is not KubernetesApiException { IsConflict: true } and not Leases.LeadershipLostException;

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;
}

/// <summary>A condition that came to another status or reason.</summary>
internal sealed record ConditionChange(string Reason, string Message, bool IsWarning);
