using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Bench.Kind;

/// <summary>Whether the value is shown.</summary>
internal static class ShownCondition
{
    public static readonly ConditionType Type = new("Shown", "The value of the spec is shown in status.");
    public static readonly Reason Shown = Type.True("The value is shown.");
}

/// <summary>The conditions of a Widget.</summary>
internal sealed class WidgetConditions : IConditionSet<Widget>
{
    public IReadOnlyList<ConditionType> All { get; } = [ShownCondition.Type];

    public IReadOnlyList<ConditionType> ForReady { get; } = [ShownCondition.Type];

    public void Derive(Widget entity) { }
}

/// <summary>Nothing but the object is needed.</summary>
internal sealed class WidgetObservation : IStepContextFactory<Widget, Widget>
{
    public Task<Widget> ObserveAsync(StepRun<Widget> run, CancellationToken cancellationToken) => Task.FromResult(run.Entity);
}

/// <summary>The one step: shows the value.</summary>
internal sealed class ShowValue(RunCount runs) : IStep<Widget>
{
    public ConditionType Condition => ShownCondition.Type;

    public Task<StepResult> RunAsync(Widget context, CancellationToken cancellationToken)
    {
        runs.Add();
        context.Status.Value = context.Spec.Value;
        return Task.FromResult(StepResult.Continue(ShownCondition.Shown, "shown"));
    }
}

/// <summary>A controller as every controller of SAM is one: a list of steps.</summary>
internal sealed class WidgetController(StepRunner<Widget, Widget> runner, RunCount runs) : IEntityController<Widget>
{
    private readonly IStep<Widget>[] _steps = [new ShowValue(runs)];

    public Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _steps, cancellationToken);
}
