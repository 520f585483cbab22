using CsCheck;
using Sam.Rules.Costs;

namespace Sam.Unit.Tests.Costs;

/// <summary>A released server is kept as long as it costs nothing more, and as long as was asked for.</summary>
public sealed class WarmRuleTests
{
    private static readonly DateTimeOffset s_created = new(2026, 5, 1, 10, 20, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 5, 58)]
    [InlineData(10, 30, 58)]
    [InlineData(50, 30, 118)]
    [InlineData(29, 30, 59)]
    [InlineData(60, 0, 60)]
    [InlineData(61, 0, 118)]
    public void It_goes_two_minutes_before_the_paid_hour_ends_in_which_its_timeout_ends(int released, int timeout, int goes) =>
        Assert.Equal(
            s_created.AddMinutes(goes),
            WarmRule.KeepUntil(s_created, s_created.AddMinutes(released), TimeSpan.FromMinutes(timeout))
        );

    [Fact]
    public void It_is_never_shorter_than_asked_and_never_begins_an_hour_that_the_timeout_does_not() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 600])
            .Sample(
                (released, timeout) =>
                {
                    var least = s_created.AddMinutes(released + timeout);

                    var until = WarmRule.KeepUntil(s_created, s_created.AddMinutes(released), TimeSpan.FromMinutes(timeout));

                    Assert.True(until >= least);
                    Assert.True(until == least || until <= ServerCost.PaidUntil(s_created, least) - WarmRule.Margin);
                    Assert.Equal(ServerCost.PaidUntil(s_created, least), ServerCost.PaidUntil(s_created, until));
                }
            );
}
