using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>How a Machine that nobody uses ends, and how many are kept ready.</summary>
public sealed class WarmPoolTests
{
    private static readonly WarmPoolSettings s_settings = new(TimeSpan.FromMinutes(30), MinReady: 0, TimeSpan.FromHours(4));

    [Fact]
    public void A_released_Machine_turns_warm_and_is_kept_to_shortly_before_its_paid_hour_ends()
    {
        var released = Binding.Release(Machine("m", Tenant()), "w-old", At(10));

        var turn = Assert.IsType<LifeVerdict.TurnWarm>(Verdict(released, At(11)));

        Assert.Equal((At(10), At(58)), (turn.Since, turn.Until));
    }

    [Fact]
    public void It_is_kept_at_least_its_idle_timeout() => Assert.Equal(At(118), Until(Warm(since: 50), At(51)));

    [Fact]
    public void It_ends_when_its_time_is_over_and_not_a_moment_before()
    {
        Assert.Equal(At(58), Until(Warm(since: 10), At(58).AddTicks(-1)));
        Assert.Equal(LifeEnd.KeptLongEnough, End(Warm(since: 10), At(58)));
    }

    [Fact]
    public void An_operator_that_was_away_gives_it_back_at_once() => Assert.Equal(LifeEnd.KeptLongEnough, End(Warm(10), At(600)));

    [Fact]
    public void None_is_empty_for_longer_than_the_longest_time()
    {
        var settings = s_settings with { LongestEmpty = TimeSpan.FromMinutes(40) };

        var stay = Assert.IsType<LifeVerdict.StayWarm>(Life(Plan(settings, At(11), Warm(10)), "m1"));

        Assert.Equal(At(50), stay.Until);
    }

    [Fact]
    public void One_that_does_not_answer_has_a_clock_too()
    {
        var deaf = Machine() with { IsReachable = false };

        Assert.IsType<LifeVerdict.TurnWarm>(Verdict(deaf, At(5)));
        Assert.Equal(LifeEnd.KeptLongEnough, End(deaf with { Stage = MachineStage.Warm, WarmSince = At(5) }, At(58)));
    }

    [Fact]
    public void A_Machine_with_a_Workspace_on_it_does_not_end_whatever_its_clock_says()
    {
        foreach (var stage in Enum.GetValues<MachineStage>().Except([MachineStage.Deleting]))
        {
            var used = Machine("m", Tenant()) with { Stage = stage, WarmSince = At(0) };

            Assert.IsType<LifeVerdict.InUse>(Verdict(used, At(6000)));
        }
    }

    [Fact]
    public void One_that_a_Workspace_waits_for_does_not_end()
    {
        Assert.IsType<LifeVerdict.Awaited>(Verdict(Starting(isBought: false) with { BoughtFor = "w-1" }, At(6000)));
        Assert.IsType<LifeVerdict.Awaited>(Verdict(Warm(0) with { BoughtFor = "w-1" }, At(6000)));
    }

    [Fact]
    public void One_that_nobody_waits_for_ends_before_it_is_bought_and_is_used_after()
    {
        Assert.Equal(LifeEnd.Unwanted, End(Starting(isBought: false), At(1)));
        Assert.IsType<LifeVerdict.Starting>(Verdict(Starting(isBought: true), At(1)));
    }

    [Fact]
    public void One_whose_Workspace_found_another_place_is_everybodys()
    {
        var late = Starting(isBought: false) with { BoughtFor = "w-old" };

        var plan = Plan(s_settings, At(1), late, Machine("m1", Tenant("w-old")));

        Assert.Equal(LifeEnd.Unwanted, Assert.IsType<LifeVerdict.End>(Life(plan, "s1")).Reason);
    }

    [Fact]
    public void What_is_paid_is_kept_before_what_is_not_bought_yet()
    {
        var unbought = Starting(isBought: false, "a") with { CreatedAt = At(-10) };

        var plan = Plan(s_settings with { MinReady = 1 }, At(1), unbought, Starting(isBought: true, "b"));

        Assert.Equal(LifeEnd.Unwanted, Assert.IsType<LifeVerdict.End>(Life(plan, "a")).Reason);
        Assert.IsType<LifeVerdict.Starting>(Life(plan, "b"));
    }

    [Fact]
    public void None_is_bought_for_the_pool_while_a_user_brings_one()
    {
        var unbought = Starting(isBought: false, "a") with { CreatedAt = At(-10) };
        var users = Starting(isBought: false, "b") with { IsPermanent = true };

        var plan = Plan(s_settings with { MinReady = 1 }, At(1), unbought, users);

        Assert.Equal(LifeEnd.Unwanted, Assert.IsType<LifeVerdict.End>(Life(plan, "a")).Reason);
        Assert.Equal(0, plan.StartAhead);
    }

    [Fact]
    public void It_is_given_back_at_the_version_that_was_judged_only() =>
        Assert.Equal("7", Assert.Single(Plan(s_settings, At(600), Warm(10)).Lives).ResourceVersion);

    [Fact]
    public void A_failed_and_a_drained_one_end_as_soon_as_nobody_is_on_them()
    {
        Assert.Equal(LifeEnd.Failed, End(Machine() with { Stage = MachineStage.Failed }, At(1)));
        Assert.Equal(LifeEnd.Drained, End(Machine() with { Stage = MachineStage.Draining }, At(1)));
    }

    [Fact]
    public void One_that_is_given_back_is_not_given_back_again()
    {
        Assert.IsType<LifeVerdict.Ending>(Verdict(Warm(0) with { IsDeleting = true }, At(6000)));
        Assert.IsType<LifeVerdict.Ending>(Verdict(Machine() with { Stage = MachineStage.Deleting }, At(6000)));
    }

    [Fact]
    public void What_a_user_wrote_ends_by_a_user_only()
    {
        foreach (var stage in Enum.GetValues<MachineStage>().Except([MachineStage.Deleting]))
        {
            var machine = Machine() with { Stage = stage, WarmSince = At(0), IsPermanent = true, ServerCreatedAt = null };

            Assert.IsType<LifeVerdict.Permanent>(Verdict(machine, At(60_000)));
        }
    }

    [Fact]
    public void Machines_of_apps_and_of_other_Projects_are_no_matter()
    {
        var plan = Plan(
            s_settings,
            At(6000),
            Warm(0) with
            {
                Use = MachineUse.Deployment,
            },
            Warm(0, "m2") with
            {
                Project = Other,
            }
        );

        Assert.Empty(plan.Lives);
        Assert.Null(plan.NextAt);
    }

    [Fact]
    public void As_many_are_started_ahead_as_are_missing()
    {
        var settings = s_settings with { MinReady = 5 };

        var plan = Plan(
            settings,
            At(11),
            Warm(10),
            Starting(isBought: true),
            Starting(isBought: false, "s2"),
            Warm(10, "deaf") with
            {
                IsReachable = false,
            },
            Warm(10, "full") with
            {
                Disk = DiskLevel.Full,
            },
            Machine("used", Tenant())
        );

        Assert.Equal(2, plan.StartAhead);
        Assert.IsType<LifeVerdict.Starting>(Life(plan, "s2"));
    }

    [Fact]
    public void One_with_an_image_that_nobody_asks_for_is_not_ready()
    {
        var settings = s_settings with { MinReady = 1, Image = "debian-13" };

        Assert.Equal(1, Plan(settings, At(11), Warm(10)).StartAhead);
        Assert.Equal(0, Plan(settings, At(11), Warm(10) with { Image = "debian-13" }).StartAhead);
    }

    [Fact]
    public void Those_kept_ready_outlive_their_time_and_the_others_end()
    {
        var settings = s_settings with { MinReady = 1 };
        var soon = Warm(0, "soon") with { ServerCreatedAt = At(-5) };
        var late = Warm(0, "late") with { ServerCreatedAt = At(-50) };

        var plan = Plan(settings, At(200), soon, late);

        Assert.IsType<LifeVerdict.HeldReady>(Life(plan, "late"));
        Assert.IsType<LifeVerdict.End>(Life(plan, "soon"));
        Assert.Equal(0, plan.StartAhead);
        Assert.Null(plan.NextAt);
    }

    [Fact]
    public void One_in_its_time_counts_before_one_whose_time_is_over() =>
        Assert.IsType<LifeVerdict.End>(Life(Plan(s_settings with { MinReady = 1 }, At(200), Warm(0), Warm(199, "m2")), "m1"));

    [Fact]
    public void One_whose_time_is_over_stays_until_its_successor_is_ready()
    {
        var settings = s_settings with { MinReady = 1 };

        var before = Plan(settings, At(200), Warm(0), Starting(isBought: true));
        var after = Plan(settings, At(200), Warm(0), Machine("s1"));

        Assert.IsType<LifeVerdict.HeldReady>(Life(before, "m1"));
        Assert.IsType<LifeVerdict.End>(Life(after, "m1"));
    }

    [Fact]
    public void A_lowered_number_ends_what_is_too_many()
    {
        var machines = Enumerable.Range(0, 5).Select(number => Warm(0, $"m{number}")).ToArray();

        var plan = Plan(s_settings with { MinReady = 2 }, At(200), machines);

        Assert.Equal(3, plan.Lives.Count(life => life.Verdict is LifeVerdict.End));
        Assert.Equal(2, plan.Lives.Count(life => life.Verdict is LifeVerdict.HeldReady));
    }

    [Fact]
    public void The_next_look_is_when_the_first_time_is_over() =>
        Assert.Equal(At(58), Plan(s_settings, At(51), Warm(since: 50), Warm(since: 10, "m2")).NextAt);

    private static DateTimeOffset At(int minutes) => Start.AddMinutes(minutes);

    private static MachineSnapshot Warm(int since, string name = "m1") =>
        Machine(name) with
        {
            Stage = MachineStage.Warm,
            WarmSince = At(since),
        };

    private static MachineSnapshot Starting(bool isBought, string name = "s1") =>
        Machine(name) with
        {
            Stage = MachineStage.Starting,
            IsReachable = false,
            ServerCreatedAt = isBought ? Start : null,
        };

    private static WarmPoolPlan Plan(WarmPoolSettings settings, DateTimeOffset now, params MachineSnapshot[] machines) =>
        WarmPool.Plan(Shop, settings, machines, now);

    private static LifeVerdict Life(WarmPoolPlan plan, string name) => plan.Lives.Single(life => life.Name == name).Verdict;

    private static LifeVerdict Verdict(MachineSnapshot machine, DateTimeOffset now) =>
        Assert.Single(Plan(s_settings, now, machine).Lives).Verdict;

    private static DateTimeOffset Until(MachineSnapshot machine, DateTimeOffset now) =>
        Assert.IsType<LifeVerdict.StayWarm>(Verdict(machine, now)).Until;

    private static LifeEnd End(MachineSnapshot machine, DateTimeOffset now) =>
        Assert.IsType<LifeVerdict.End>(Verdict(machine, now)).Reason;
}
