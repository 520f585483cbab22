using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A typical controller: it builds every Thing in its colour, which takes five seconds, serves it, and takes it away at the end.</summary>
internal sealed class ThingController(StepRunner<Thing, StepRun<Thing>> runner, TimeProvider timeProvider)
    : IEntityController<Thing>,
        IEntityFinalizer<Thing>
{
    private readonly Dictionary<string, (string Color, DateTimeOffset Done)> _built = new(StringComparer.Ordinal);

    /// <summary>What stands outside, by the UID of its Thing.</summary>
    public IEnumerable<string> Standing => _built.Keys;

    public TimeSpan BuildTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it ran.</summary>
    public int Runs { get; private set; }

    public Task<ReconciliationResult<Thing>> ReconcileAsync(Thing entity, CancellationToken cancellationToken)
    {
        Runs++;
        return runner.RunAsync(entity, [new BuildStep { Then = Build }, new ServeStep { Then = Serve }], cancellationToken);
    }

    public Task<ReconciliationResult<Thing>> FinalizeAsync(Thing entity, CancellationToken cancellationToken)
    {
        _built.Remove(entity.Metadata.Uid);
        return Task.FromResult(ReconciliationResult<Thing>.Success(entity));
    }

    private StepResult Build(StepRun<Thing> run)
    {
        var (uid, wanted) = (run.Entity.Metadata.Uid, run.Entity.Spec.Color);
        if (!_built.TryGetValue(uid, out var built) || built.Color != wanted)
            _built[uid] = built = (wanted, timeProvider.GetUtcNow() + BuildTime);
        var left = built.Done - timeProvider.GetUtcNow();
        return left > TimeSpan.Zero
            ? StepResult.Requeue(left, Built.Building, $"Builds {wanted}")
            : StepResult.Continue(Built.Done, $"Built {wanted}");
    }

    private static StepResult Serve(StepRun<Thing> run)
    {
        run.Entity.Status.Claim = run.Entity.Spec.Color;
        return StepResult.Continue(Served.Routed, "Served");
    }
}

/// <summary>What the runner asks about Things.</summary>
internal sealed class ThingParts : IStepContextFactory<Thing, StepRun<Thing>>, IConditionSet<Thing>
{
    public IReadOnlyList<ConditionType> All { get; } = [Built.Type, Served.Type];

    public IReadOnlyList<ConditionType> ForReady => All;

    public Task<StepRun<Thing>> ObserveAsync(StepRun<Thing> run, CancellationToken cancellationToken) => Task.FromResult(run);

    public void Derive(Thing entity) => entity.Status.Phase = "derived";
}
