using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;
using Sam.Testing.MemoryApi;

namespace Sam.Unit.Tests.Runtime;

internal static class Built
{
    public static readonly ConditionType Type = new("Built", "The thing is built.");
    public static readonly Reason Done = Type.True("It is built.");
    public static readonly Reason Building = Type.False("It is being built.");
    public static readonly Reason Refused = Type.False("It cannot be built.");
}

internal static class Served
{
    public static readonly ConditionType Type = new("Served", "The thing is served.");
    public static readonly Reason Routed = Type.True("It is served.");
    public static readonly Reason Routing = Type.False("It will be served.");
}

/// <summary>A step that does what a test says.</summary>
internal abstract class ScriptedStep(ConditionType condition, Reason good) : IStep<StepRun<Thing>>
{
    public ConditionType? Condition => condition;

    public int Runs { get; private set; }

    public Func<StepRun<Thing>, CancellationToken, Task> Act { get; set; } = (_, _) => Task.CompletedTask;

    public Func<StepRun<Thing>, StepResult> Then { get; set; } = _ => StepResult.Continue(good, "Fine");

    public async Task<StepResult> RunAsync(StepRun<Thing> context, CancellationToken cancellationToken)
    {
        Runs++;
        await Act(context, cancellationToken);
        return Then(context);
    }
}

internal sealed class BuildStep() : ScriptedStep(Built.Type, Built.Done);

internal sealed class ServeStep() : ScriptedStep(Served.Type, Served.Routed);

/// <summary>A runner over one Thing in a cluster in memory.</summary>
internal sealed class StepFixture : IStepContextFactory<Thing, StepRun<Thing>>, IConditionSet<Thing>, IEventRecorder
{
    private readonly KubernetesResourceClient<Thing> _client;
    private StepRunner<Thing, StepRun<Thing>> _runner;

    public StepFixture()
    {
        Cluster.Put(Thing.Path("one"), Thing.Json("one"));
        _client = new KubernetesResourceClient<Thing>(Cluster, new AlwaysLeader(), []);
        _runner = Make();
    }

    public MemoryCluster Cluster { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public ScriptedStep First { get; } = new BuildStep();

    public ScriptedStep Second { get; } = new ServeStep();

    public List<(string Reason, bool IsWarning)> Events { get; } = [];

    public Action Observe { get; set; } = () => { };

    public IReadOnlyList<ConditionType> All { get; } = [Built.Type, Served.Type];

    public IReadOnlyList<ConditionType> ForReady => All;

    public void Restart() => _runner = Make();

    public Task<ReconciliationResult<Thing>> RunAsync(Thing? thing = null) =>
        _runner.RunAsync(thing ?? Read(), [First, Second], TestContext.Current.CancellationToken);

    public Thing Read() => KubernetesJson.Deserialize<Thing>(Cluster.Find(Thing.Path("one"))!.ToJsonString());

    public V1Condition? Condition(string type) => Read().Status.Conditions.FirstOrDefault(condition => condition.Type == type);

    public void AssertCondition(string type, string status, string reason)
    {
        var condition = Condition(type);
        Assert.NotNull(condition);
        Assert.Equal((status, reason), (condition.Status, condition.Reason));
    }

    public Task<StepRun<Thing>> ObserveAsync(StepRun<Thing> run, CancellationToken cancellationToken)
    {
        Observe();
        return Task.FromResult(run);
    }

    public void Derive(Thing entity) => entity.Status.Phase = "derived";

    public void Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning = false) =>
        Events.Add((reason, isWarning));

    private StepRunner<Thing, StepRun<Thing>> Make() =>
        new(this, this, _client, this, Clock, NullLogger<StepRunner<Thing, StepRun<Thing>>>.Instance);
}
