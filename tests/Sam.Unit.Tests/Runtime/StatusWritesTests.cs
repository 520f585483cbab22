using Sam.Runtime.Steps;

namespace Sam.Unit.Tests.Runtime;

/// <summary>How often a status is written, and how long its texts may be.</summary>
public sealed class StatusWritesTests
{
    private readonly StepFixture _fixture = new();

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_reasons_that_alternate_with_every_poll_are_not_written_with_every_poll(bool asFault)
    {
        var polls = 0;
        _fixture.First.Then = _ =>
            polls++ % 2 == 0 ? StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Building, "Building")
            : asFault ? throw new TimeoutException("no answer")
            : StepResult.Requeue(TimeSpan.FromSeconds(5), Built.Refused, "Refused");

        for (var i = 0; i < 720; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(5));
            await _fixture.RunAsync();
        }

        Assert.InRange(_fixture.Cluster.Writes, 2, 70); // an hour: the first few, then one a minute
        Assert.InRange(_fixture.Events.Count, 2, 70);
    }

    [Fact]
    public async Task A_wording_that_stays_is_written_within_a_minute()
    {
        await SpendAsync();
        _fixture.First.Then = _ => StepResult.Stop(Built.Refused, "The last word");
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        var held = await _fixture.RunAsync();
        Assert.NotEqual("The last word", _fixture.Condition("Built")!.Message);
        Assert.InRange(held.RequeueAfter!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _fixture.Clock.Advance(held.RequeueAfter.Value);
        await _fixture.RunAsync();

        Assert.Equal("The last word", _fixture.Condition("Built")!.Message);
    }

    [Fact]
    public async Task What_becomes_True_is_written_at_once_even_if_all_words_are_spent()
    {
        await SpendAsync();
        _fixture.First.Then = _ => StepResult.Continue(Built.Done, "Done");

        await _fixture.RunAsync();

        _fixture.AssertCondition("Ready", "True", "AllConditionsTrue");
    }

    [Fact]
    public async Task A_message_is_cut_to_its_limit_and_never_within_a_character()
    {
        _fixture.First.Then = _ => StepResult.Continue(Built.Done, "x" + string.Concat(Enumerable.Repeat("🚀", 400)));

        await _fixture.RunAsync();
        await _fixture.RunAsync();

        var message = _fixture.Condition("Built")!.Message;
        Assert.InRange(message.Length, 498, 500);
        Assert.DoesNotContain('\uFFFD', message);
        Assert.Equal(1, _fixture.Cluster.Writes);
    }

    // Other words every second, until they are held back.
    private async Task SpendAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            var words = $"Try {i}";
            _fixture.First.Then = _ => StepResult.Stop(Built.Refused, words);
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await _fixture.RunAsync();
        }

        Assert.InRange(_fixture.Cluster.Writes, 2, 12);
    }
}
