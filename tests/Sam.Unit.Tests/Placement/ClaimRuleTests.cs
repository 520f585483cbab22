using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>A claimed Machine is judged again as it is now; one that became unfit is given back unused.</summary>
public sealed class ClaimRuleTests
{
    private static readonly MachineSnapshot s_claimed = Binding.Bind(
        Machine() with
        {
            Stage = MachineStage.Warm,
            WarmSince = Start,
        },
        Ask
    );

    public static TheoryData<MachineSnapshot, ObstacleKind> Unfit =>
        new()
        {
            { s_claimed with { IsReachable = false }, ObstacleKind.Unreachable },
            { s_claimed with { Disk = DiskLevel.Full }, ObstacleKind.DiskFull },
            { s_claimed with { IsDeleting = true }, ObstacleKind.BeingDeleted },
            { s_claimed with { Stage = MachineStage.Draining }, ObstacleKind.Draining },
            { s_claimed with { Allocations = [.. s_claimed.Allocations, Tenant(memoryGi: 7)] }, ObstacleKind.NoMemory },
        };

    [Fact]
    public void A_claim_on_a_Machine_that_is_well_is_kept() =>
        Assert.IsType<ClaimDecision.Kept>(ClaimRule.Judge(Ask, s_claimed, UpToThree));

    [Theory, MemberData(nameof(Unfit))]
    public void A_claim_on_one_that_became_unfit_is_given_back(MachineSnapshot machine, ObstacleKind kind)
    {
        var back = Assert.IsType<ClaimDecision.GivenBack>(ClaimRule.Judge(Ask, machine, UpToThree));

        Assert.Equal(kind, back.Obstacle.Kind);
    }

    [Fact]
    public void An_image_that_is_asked_for_is_proved_too()
    {
        var picky = Ask with { Wish = MachineWish.None with { Image = "debian-13" } };

        Assert.Equal(
            ObstacleKind.WrongImage,
            Assert.IsType<ClaimDecision.GivenBack>(ClaimRule.Judge(picky, s_claimed, UpToThree)).Obstacle.Kind
        );
    }

    [Fact]
    public void A_claim_that_somebody_else_won_is_not_held() =>
        Assert.IsType<ClaimDecision.NotHeld>(ClaimRule.Judge(Ask, Machine("m", Tenant()), UpToThree));

    [Fact]
    public void To_bind_and_to_release_twice_is_to_do_it_once()
    {
        var released = Binding.Release(s_claimed, Ask.WorkspaceUid, Start.AddHours(2));

        Assert.Same(s_claimed, Binding.Bind(s_claimed, Ask));
        Assert.Same(released, Binding.Release(released, Ask.WorkspaceUid, Start.AddHours(3)));
    }

    [Fact]
    public void A_claim_stops_the_clock_of_the_end_and_the_last_release_starts_it_anew()
    {
        var both = Binding.Bind(s_claimed, Ask with { WorkspaceUid = "w-2" });
        var one = Binding.Release(both, Ask.WorkspaceUid, Start.AddHours(2));
        var none = Binding.Release(one, "w-2", Start.AddHours(3));

        Assert.Equal((null, MachineStage.Ready), (s_claimed.WarmSince, s_claimed.Stage));
        Assert.Null(one.WarmSince);
        Assert.Equal(Start.AddHours(3), none.WarmSince);
    }
}
