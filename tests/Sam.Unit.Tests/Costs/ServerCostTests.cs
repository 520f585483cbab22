using CsCheck;
using Sam.Rules.Costs;

namespace Sam.Unit.Tests.Costs;

/// <summary>Started hours, the monthly cap, and the address beside the server.</summary>
public sealed class ServerCostTests
{
    private static readonly Tariff s_tariff = new(0.01m, 5m, 0.001m, 0.5m);
    private static readonly DateTimeOffset s_created = new(2026, 1, 31, 22, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.011")]
    [InlineData(60, "0.011")]
    [InlineData(61, "0.022")]
    [InlineData(180, "0.033")]
    public void An_hour_is_paid_when_it_starts(int minutes, string expected)
    {
        var cost = ServerCost.Accrued(s_tariff, s_created, s_created.AddMinutes(minutes));

        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), cost);
    }

    [Fact]
    public void A_month_costs_the_monthly_price_at_most_and_the_next_one_counts_anew()
    {
        var created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var january = ServerCost.Accrued(s_tariff, created, created.AddMonths(1));
        var andAnHour = ServerCost.Accrued(s_tariff, created, created.AddMonths(1).AddMinutes(1));

        Assert.Equal((5.5m, 5.511m), (january, andAnHour));
    }

    [Fact]
    public void An_hour_over_the_turn_of_the_month_belongs_to_the_month_in_which_it_starts()
    {
        var dear = s_tariff with { Hourly = 5m };

        var cost = ServerCost.Accrued(dear, s_created, s_created.AddHours(3));

        // 22:30 and 23:30 are January's, capped together; 00:30 is February's.
        Assert.Equal(5m + 5m + 0.003m, cost);
    }

    [Fact]
    public void Never_falls_as_time_goes_on_and_never_exceeds_what_the_hours_cost()
    {
        var moments = Gen.Select(Gen.Int[0, 60 * 24 * 400], Gen.Int[0, 60 * 24 * 400], Gen.Int[0, 60 * 24 * 365]);

        moments.Sample(
            (first, second, shift) =>
            {
                var created = s_created.AddMinutes(shift);
                var (early, late) = (Math.Min(first, second), Math.Max(first, second));
                var before = ServerCost.Accrued(s_tariff, created, created.AddMinutes(early));
                var after = ServerCost.Accrued(s_tariff, created, created.AddMinutes(late));
                Assert.True(before <= after);
                Assert.True(after <= (decimal)Math.Ceiling(late / 60.0) * 0.011m);
            }
        );
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(59, 60)]
    [InlineData(60, 60)]
    [InlineData(61, 120)]
    public void Says_until_when_is_paid(int minutes, int paid) =>
        Assert.Equal(s_created.AddMinutes(paid), ServerCost.PaidUntil(s_created, s_created.AddMinutes(minutes)));
}
