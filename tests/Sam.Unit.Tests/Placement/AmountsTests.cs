using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Sums that cannot be tricked into room that is not there.</summary>
public sealed class AmountsTests
{
    [Fact]
    public void Nonsense_makes_no_room()
    {
        var huge = new Amounts(long.MaxValue, long.MaxValue, long.MaxValue);
        var negative = new Amounts(-5, -5, -5);

        Assert.Equal(huge, huge.Plus(huge));
        Assert.Equal(Medium, Medium.Plus(negative));
        Assert.Equal(Medium, Medium.Less(negative));
        Assert.Equal(Amounts.None, Medium.Less(huge));
    }

    [Fact]
    public void The_first_resource_that_lacks_is_told()
    {
        Assert.Null(Medium.Lacks(Medium));
        Assert.Equal(Resource.Cpu, Medium.Lacks(new(4001, 9 * Gi, 0)));
        Assert.Equal(Resource.Memory, Medium.Lacks(new(4000, 9 * Gi, 99 * Gi)));
        Assert.Equal(Resource.Disk, Medium.Lacks(new(0, 0, 99 * Gi)));
    }

    [Fact]
    public void Amounts_are_told_as_quantities_without_rounding() =>
        Assert.Equal("cpu 500m, memory 1536Mi, disk 1000", new Amounts(500, 1536L << 20, 1000).ToString());

    [Fact]
    public void A_server_keeps_memory_and_disk_for_itself() =>
        Assert.Equal(new Amounts(4000, 15 * Gi / 2, 72_000_000_000), ServerShape.CapacityOf(4, 8.0m, 80));
}
