using Sam.Runtime.Steps;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

public sealed class StepRunnerTests
{
    private readonly StepFixture _fixture = new();

    private ScriptedStep First => _fixture.First;

    private ScriptedStep Second => _fixture.Second;

    [Fact]
    public async Task Every_step_that_continues_makes_the_object_ready()
    {
        await _fixture.RunAsync();

        var thing = _fixture.Read();
        Assert.Equal(["Ready", "Built", "Served"], thing.Status.Conditions.Select(condition => condition.Type));
        Assert.All(thing.Status.Conditions, condition => Assert.Equal("True", condition.Status));
        Assert.Equal(1, thing.Status.ObservedGeneration);
        Assert.All(thing.Status.Steps, step => Assert.NotNull(step.FinishedAt));
        Assert.Equal("derived", thing.Status.Phase);
        Assert.Equal(1, _fixture.Cluster.Writes);
    }

    [Fact]
    public async Task A_run_without_a_change_writes_nothing()
    {
        await _fixture.RunAsync();
        _fixture.Clock.Advance(TimeSpan.FromHours(1));

        await _fixture.RunAsync();

        Assert.Equal(1, _fixture.Cluster.Writes);
    }

    [Fact]
    public async Task A_waiting_step_skips_the_rest_and_polls_without_writing()
    {
        First.Then = _ => StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building");

        var result = await _fixture.RunAsync();
        for (var i = 0; i < 20; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(5));
            result = await _fixture.RunAsync();
        }

        Assert.Equal(TimeSpan.FromSeconds(5), result.RequeueAfter);
        Assert.Equal(0, Second.Runs);
        Assert.Equal(1, _fixture.Cluster.Writes);
        _fixture.AssertCondition("Ready", "False", "Building");
        _fixture.AssertCondition("Served", "Unknown", "Waiting");
        _fixture.AssertCondition("Reconciling", "True", "Progressing");
        Assert.Null(_fixture.Condition("Stalled"));
    }

    [Fact]
    public async Task A_stopped_step_stalls_the_object_until_it_continues()
    {
        First.Then = _ => StepResult.Stop(Built.Refused, "The spec asks for a colour that nobody has");
        var stopped = await _fixture.RunAsync();
        _fixture.AssertCondition("Stalled", "True", "Refused");
        Assert.Null(_fixture.Condition("Reconciling"));
        Assert.True(stopped.IsSuccess);
        Assert.Null(stopped.RequeueAfter);

        First.Then = _ => StepResult.Continue(Built.Done);
        await _fixture.RunAsync();

        Assert.Null(_fixture.Condition("Stalled"));
        _fixture.AssertCondition("Ready", "True", "AllConditionsTrue");
    }

    public static TheoryData<string, Exception, string, int?> Faults { get; } =
        new()
        {
            { "server error", new KubernetesApiException(503, "ServiceUnavailable", "down"), "TransientError", null },
            {
                "rate limit",
                new KubernetesApiException(429, "TooManyRequests", "slow", TimeSpan.FromSeconds(42)),
                "RateLimited",
                42
            },
            { "refused credential", new KubernetesApiException(401, "Unauthorized", "no"), "Unauthorized", null },
            { "refused request", new KubernetesApiException(422, "Invalid", "bad"), "InvalidRequest", null },
            { "lost connection", new HttpRequestException("gone"), "TransientError", null },
            { "own timeout", new TaskCanceledException("late"), "TransientError", null },
            { "bug", new InvalidOperationException("oops"), "UnknownError", null },
        };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_fault_is_shown_by_its_category_and_retried(string name, Exception fault, string reason, int? retryAfter)
    {
        Assert.NotEmpty(name);
        First.Then = _ => throw fault;

        var result = await _fixture.RunAsync();

        Assert.False(result.IsSuccess);
        Assert.Equal(retryAfter, (int?)result.RequeueAfter?.TotalSeconds);
        _fixture.AssertCondition("Built", "Unknown", reason);
        _fixture.AssertCondition("Ready", "Unknown", reason);
        _fixture.AssertCondition("Reconciling", "True", "Retrying");
    }

    [Fact]
    public async Task A_fault_while_observing_is_a_fault_of_the_run()
    {
        _fixture.Observe = () => throw new HttpRequestException("no route");

        var result = await _fixture.RunAsync();

        Assert.False(result.IsSuccess);
        Assert.Equal(0, First.Runs);
        _fixture.AssertCondition("Reconciling", "True", "Retrying");
    }

    [Fact]
    public async Task A_reason_of_another_condition_is_refused()
    {
        First.Then = _ => StepResult.Continue(Served.Routed);

        await _fixture.RunAsync();

        _fixture.AssertCondition("Built", "Unknown", "UnknownError");
    }

    [Fact]
    public async Task A_conflict_writes_nothing_and_runs_again_soon()
    {
        var stale = _fixture.Read();
        _fixture.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");

        var result = await _fixture.RunAsync(stale);

        Assert.True(result.IsSuccess);
        Assert.True(result.RequeueAfter < TimeSpan.FromSeconds(1));
        Assert.Null(_fixture.Cluster.Find(Thing.Path("one"))!["status"]);
        Assert.Empty(_fixture.Events);
    }

    [Fact]
    public async Task A_checkpoint_is_durable_before_the_step_goes_on()
    {
        string? seenAtServer = null;
        First.Act = async (run, token) =>
        {
            run.Entity.Status.Claim = "mine";
            await run.CheckpointAsync(token);
            seenAtServer = _fixture.Read().Status.Claim;
        };

        await _fixture.RunAsync();

        Assert.Equal("mine", seenAtServer);
        Assert.Equal(2, _fixture.Cluster.Writes);
        _fixture.AssertCondition("Ready", "True", "AllConditionsTrue");
    }

    [Fact]
    public async Task A_lost_claim_has_no_effect()
    {
        var effects = 0;
        var stale = _fixture.Read();
        _fixture.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        First.Act = async (run, token) =>
        {
            run.Entity.Status.Claim = "mine";
            await run.CheckpointAsync(token);
            effects++;
        };

        var result = await _fixture.RunAsync(stale);

        Assert.Equal(0, effects);
        Assert.True(result.IsSuccess);
        Assert.Null(_fixture.Read().Status.Claim);
    }

    [Fact]
    public async Task The_next_run_is_the_minimum_of_all_that_asked()
    {
        First.Then = _ => StepResult.Continue(Built.Done, reconfirmAfter: TimeSpan.FromSeconds(30));
        Second.Then = _ => StepResult.Requeue(TimeSpan.FromMinutes(3), Served.Routing, "Waiting for the route");

        var result = await _fixture.RunAsync();

        Assert.Equal(TimeSpan.FromSeconds(30), result.RequeueAfter);
    }

    [Fact]
    public async Task A_condition_of_an_older_generation_does_not_make_the_object_ready()
    {
        await _fixture.RunAsync();
        _fixture.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");
        First.Then = _ => StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building");

        await _fixture.RunAsync();

        _fixture.AssertCondition("Served", "True", "Routed");
        Assert.Equal(1, _fixture.Condition("Served")!.ObservedGeneration);
        _fixture.AssertCondition("Ready", "False", "Building");
    }

    [Fact]
    public async Task A_condition_that_changes_is_told_once()
    {
        await _fixture.RunAsync();
        await _fixture.RunAsync();
        First.Then = _ => StepResult.Stop(Built.Refused, "No such colour");
        await _fixture.RunAsync();
        await _fixture.RunAsync();

        Assert.Equal([("Done", false), ("Routed", false), ("Refused", true)], _fixture.Events);
    }

    [Fact]
    public async Task A_teardown_is_over_only_when_every_step_continued()
    {
        _fixture.Cluster.Change(
            Thing.Path("one"),
            thing =>
            {
                thing["metadata"]!["finalizers"] = new System.Text.Json.Nodes.JsonArray("test.dev/cleanup");
                thing["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            }
        );
        First.Then = _ => StepResult.Stop(Built.Refused, "A disk is still attached");
        var stopped = await _fixture.RunAsync();
        First.Then = _ => StepResult.Continue(Built.Done, reconfirmAfter: TimeSpan.FromMinutes(1));
        var finished = await _fixture.RunAsync();

        Assert.NotNull(stopped.RequeueAfter);
        Assert.True(finished.IsSuccess);
        Assert.Null(finished.RequeueAfter);
        _fixture.AssertCondition("Ready", "False", "Deleting");
    }
}
