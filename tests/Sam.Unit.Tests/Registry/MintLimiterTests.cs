using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Registry.Tokens;

namespace Sam.Unit.Tests.Registry;

public sealed class MintLimiterTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    [Fact]
    public void No_window_ever_has_more_than_the_most_and_whoever_waits_as_told_gets_in()
    {
        Gen.Int[0, 90]
            .Array[1, 200]
            .Sample(pauses =>
            {
                var clock = new FakeTimeProvider();
                var limiter = new MintLimiter(10, s_window, clock);
                var taken = new List<DateTimeOffset>();
                foreach (var pause in pauses)
                {
                    clock.Advance(TimeSpan.FromSeconds(pause));
                    var wait = limiter.Take("anna");
                    if (wait is { } time)
                    {
                        clock.Advance(time - TimeSpan.FromTicks(1));
                        Assert.NotNull(limiter.Peek("anna"));
                        clock.Advance(TimeSpan.FromTicks(1));
                        Assert.Null(limiter.Take("anna"));
                    }

                    taken.Add(clock.GetUtcNow());
                    Assert.InRange(taken.Count(at => at > clock.GetUtcNow() - s_window), 1, 10);
                }
            });
    }

    [Fact]
    public void Names_that_are_silent_are_forgotten()
    {
        var clock = new FakeTimeProvider();
        var limiter = new MintLimiter(1, s_window, clock);
        for (var i = 0; i < 5000; i++)
            limiter.Take($"name-{i}");
        Assert.Equal(5000, limiter.Names);

        clock.Advance(s_window);
        limiter.Take("another");

        Assert.Equal(1, limiter.Names);
    }
}
