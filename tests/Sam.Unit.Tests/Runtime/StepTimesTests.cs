using Sam.Runtime.Steps;

namespace Sam.Unit.Tests.Runtime;

public sealed class StepTimesTests
{
    private readonly StepFixture _fixture = new();

    private DateTimeOffset Now => _fixture.Clock.GetUtcNow();

    [Fact]
    public async Task A_restart_does_not_extend_a_deadline()
    {
        var startedAt = Now;
        var seen = new List<DateTimeOffset>();
        _fixture.First.Then = run =>
        {
            seen.Add(run.StepStartedAt);
            return StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building");
        };

        await _fixture.RunAsync();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        _fixture.Restart();
        await _fixture.RunAsync();

        Assert.Equal([startedAt, startedAt], seen);
    }

    [Fact]
    public async Task A_finished_step_that_waits_again_begins_anew_and_clears_what_follows()
    {
        await _fixture.RunAsync();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        _fixture.First.Then = _ => StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building");

        await _fixture.RunAsync();

        var step = Assert.Single(_fixture.Read().Status.Steps);
        Assert.Equal(nameof(BuildStep), step.Name);
        Assert.Equal(Now, step.StartedAt);
        Assert.Null(step.FinishedAt);
    }

    [Fact]
    public async Task A_fault_changes_no_time()
    {
        await _fixture.RunAsync();
        var before = _fixture.Read().Status.Steps;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        _fixture.First.Then = _ => throw new HttpRequestException("gone");

        await _fixture.RunAsync();

        Assert.Equal(
            before.Select(step => (step.Name, step.StartedAt, step.FinishedAt)),
            _fixture.Read().Status.Steps.Select(step => (step.Name, step.StartedAt, step.FinishedAt))
        );
    }

    [Fact]
    public async Task A_new_generation_begins_what_was_not_finished_anew()
    {
        _fixture.Second.Then = _ => StepResult.Requeue(TimeSpan.FromSeconds(5), Served.Routing, "Routing");
        await _fixture.RunAsync();
        var first = Now;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        _fixture.Cluster.Change(Thing.Path("one"), thing => thing["spec"]!["color"] = "blue");

        await _fixture.RunAsync();

        var steps = _fixture.Read().Status.Steps.ToDictionary(step => step.Name);
        Assert.Equal(first, steps[nameof(BuildStep)].FinishedAt);
        Assert.Equal(Now, steps[nameof(ServeStep)].StartedAt);
    }

    [Fact]
    public async Task A_long_wait_is_shown_and_a_short_one_is_not()
    {
        _fixture.First.Then = _ => StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building");
        await _fixture.RunAsync();
        Assert.Null(_fixture.Read().Status.NextCheckAt);

        _fixture.First.Then = _ => StepResult.Stop(Built.Refused, "No room", TimeSpan.FromMinutes(20));
        await _fixture.RunAsync();

        Assert.Equal(Now + TimeSpan.FromMinutes(20), _fixture.Read().Status.NextCheckAt);
    }
}
