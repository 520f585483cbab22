using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>In which order Machines are taken, and what comes of it when none may be.</summary>
public sealed class PlacementRuleTests
{
    private static readonly MachineSnapshot s_warm = Machine("warm") with { Stage = MachineStage.Warm, WarmSince = Start };
    private static readonly MachineSnapshot s_running = Machine("running", Tenant());
    private static readonly MachineSnapshot s_starting = Machine("starting") with
    {
        Stage = MachineStage.Starting,
        IsReachable = false,
    };

    [Fact]
    public void A_warm_Machine_comes_before_one_with_room() =>
        Assert.Equal(("warm", PlacementReason.Warm), Chosen(Place([s_starting, s_running, s_warm])));

    [Fact]
    public void A_Machine_with_room_comes_before_one_that_starts() =>
        Assert.Equal(("running", PlacementReason.RunningWithRoom), Chosen(Place([s_starting, s_running])));

    [Fact]
    public void A_Machine_that_starts_comes_before_a_new_one() =>
        Assert.Equal(("starting", PlacementReason.Starting), Chosen(Place([s_starting])));

    [Fact]
    public void A_named_Machine_comes_before_a_warm_one() =>
        Assert.Equal(
            ("running", PlacementReason.Named),
            Chosen(Place([s_starting, s_running, s_warm], Ask with { NamedMachine = "running" }))
        );

    [Fact]
    public void A_Machine_that_was_bought_for_it_comes_before_a_warm_one() =>
        Assert.Equal(
            ("starting", PlacementReason.BoughtForIt),
            Chosen(Place([s_warm, s_starting with { BoughtFor = Ask.WorkspaceUid }]))
        );

    [Fact]
    public void A_Machine_whose_Workspace_found_another_place_is_kept_for_nobody() =>
        Assert.Equal(
            ("starting", PlacementReason.Starting),
            Chosen(Place([s_starting with { BoughtFor = "w-old" }, Machine("full", Tenant("w-old", memoryGi: 8))]))
        );

    [Fact]
    public void The_Machine_that_it_is_on_comes_before_all_and_whatever_became_of_it()
    {
        var lost = Machine("lost", Tenant(Ask.WorkspaceUid)) with { IsReachable = false, IsDeleting = true };

        Assert.Equal(
            ("lost", PlacementReason.AlreadyAllocated),
            Chosen(Place([s_warm, lost], Ask with { NamedMachine = "warm" }))
        );
    }

    [Fact]
    public void A_second_allocation_is_shown_as_one_to_give_back()
    {
        var first = Machine("first", Tenant(Ask.WorkspaceUid));
        var dying = Machine("dying", Tenant(Ask.WorkspaceUid)) with { IsDeleting = true, CreatedAt = Start.AddHours(-1) };
        var second = Machine("second", Tenant(Ask.WorkspaceUid)) with { CreatedAt = Start.AddHours(1) };

        var result = Place([second, dying, first, s_warm]);

        Assert.Equal("first", Chosen(result).Name);
        Assert.Equal(["dying", "second"], result.Candidates.Select(candidate => candidate.Machine));
        Assert.All(result.Candidates, candidate => Assert.Equal(ObstacleKind.SecondAllocation, candidate.Obstacle.Kind));
    }

    [Fact]
    public void Of_equal_ones_the_tightest_then_the_older_then_the_first_name_is_taken()
    {
        var tight = Machine("z-tight", Tenant(memoryGi: 5)) with { CreatedAt = Start.AddHours(1) };
        var older = Machine("y-older", Tenant()) with { CreatedAt = Start.AddHours(-1) };
        var a = Machine("a", Tenant());
        var b = Machine("b", Tenant());

        Assert.Equal("z-tight", Chosen(Place([a, b, older, tight])).Name);
        Assert.Equal("y-older", Chosen(Place([b, a, older])).Name);
        Assert.Equal("a", Chosen(Place([b, a])).Name);
    }

    [Fact]
    public void What_is_written_onto_is_the_version_that_was_judged()
    {
        var placed = Assert.IsType<PlacementVerdict.Placed>(Place([s_warm with { ResourceVersion = "4711" }]).Verdict);

        Assert.Equal(("id-warm", "4711"), (placed.MachineId, placed.ResourceVersion));
    }

    [Fact]
    public void Without_a_Machine_one_is_bought_of_the_types_that_are_large_enough()
    {
        var buy = Assert.IsType<PlacementVerdict.BuyNew>(Place([], Ask with { Reserved = new(4000, 16 * Gi, 10 * Gi) }).Verdict);

        Assert.Equal(["cx43"], buy.ServerTypes);
        Assert.Equal("there is no Machine", buy.Why);
    }

    [Fact]
    public void Nothing_is_bought_that_was_not_asked_for()
    {
        var explicitType = Ask with { Wish = MachineWish.None with { ServerType = "cx33" } };

        Assert.Equal(["cx33"], Assert.IsType<PlacementVerdict.BuyNew>(Place([], explicitType).Verdict).ServerTypes);
        Refused(PlacementRefusal.NoServerTypeFits, Place([], explicitType with { Reserved = new(8000, 16 * Gi, 10 * Gi) }));
        Refused(PlacementRefusal.NoServerTypeFits, Place([], Ask with { Wish = MachineWish.None with { IsArm = true } }));
    }

    [Fact]
    public void What_no_server_type_can_hold_is_refused_and_told_with_numbers()
    {
        var why = Refused(PlacementRefusal.NoServerTypeFits, Place([], Ask with { Reserved = new(16000, 64 * Gi, 10 * Gi) }));

        Assert.Contains("cpu 16000m, memory 64Gi, disk 10Gi", why, StringComparison.Ordinal);
        Assert.Contains("cx43 has cpu 8000m", why, StringComparison.Ordinal);
    }

    [Fact]
    public void It_waits_when_none_has_room_and_none_may_be_bought()
    {
        var result = PlacementRule.Place(
            Ask,
            [s_warm with { IsReachable = false }],
            UpToThree with
            {
                NoNewMachine = "10 of 10 slots for Machine are taken in the Project",
            }
        );

        var wait = Assert.IsType<PlacementVerdict.Wait>(result.Verdict);
        Assert.Equal(PlacementRefusal.NoNewMachine, wait.Reason);
        Assert.Contains("10 of 10", wait.Why, StringComparison.Ordinal);
        Assert.Equal(ObstacleKind.Unreachable, Assert.Single(result.Candidates).Obstacle.Kind);
    }

    [Fact]
    public void A_limit_on_Machines_does_not_keep_it_from_those_that_there_are() =>
        Assert.Equal("warm", Chosen(PlacementRule.Place(Ask, [s_warm], UpToThree with { NoNewMachine = "no" })).Name);

    [Fact]
    public void A_named_Machine_that_does_not_exist_is_not_replaced() =>
        Refused(PlacementRefusal.NamedMachineNotFound, Place([s_warm], Ask with { NamedMachine = "gone" }));

    [Fact]
    public void A_named_Machine_of_another_namespace_does_not_exist() =>
        Refused(
            PlacementRefusal.NamedMachineNotFound,
            Place([Machine("far") with { Project = new("prod", "shop") }], Ask with { NamedMachine = "far" })
        );

    [Theory, MemberData(nameof(MachineFitTests.Obstacles), MemberType = typeof(MachineFitTests))]
    public void A_named_Machine_that_cannot_take_it_is_waited_for_or_refused_and_never_replaced(
        string which,
        ObstacleKind kind,
        MachineSnapshot machine,
        PlacementRequest request
    )
    {
        if (machine.Project.Namespace != request.Project.Namespace)
            return;

        var result = Place([s_warm, machine], request with { NamedMachine = machine.Name });

        var candidate = Assert.Single(result.Candidates);
        Assert.True(kind == candidate.Obstacle.Kind, which);
        var reason = candidate.Obstacle.IsLasting
            ? Assert.IsType<PlacementVerdict.Refused>(result.Verdict).Reason
            : Assert.IsType<PlacementVerdict.Wait>(result.Verdict).Reason;
        Assert.Equal(PlacementRefusal.NamedMachineUnfit, reason);
    }

    [Fact]
    public void Those_not_taken_are_listed_nearest_first_with_the_reason()
    {
        var result = Place([
            Machine("apps") with
            {
                Use = MachineUse.Deployment,
            },
            Machine("deaf") with
            {
                IsReachable = false,
            },
            s_running,
            Machine("packed", Tenant(memoryGi: 8)),
            s_warm,
            Machine("far") with
            {
                Project = new("prod", "shop"),
            },
        ]);

        Assert.Equal(
            [
                ("running", ObstacleKind.Outranked),
                ("packed", ObstacleKind.NoMemory),
                ("deaf", ObstacleKind.Unreachable),
                ("apps", ObstacleKind.OtherRole),
            ],
            result.Candidates.Select(candidate => (candidate.Machine, candidate.Obstacle.Kind))
        );
        Assert.Equal("warm is preferred: Warm", result.Candidates[0].Obstacle.Why);
    }

    [Fact]
    public void A_status_does_not_grow_with_the_number_of_Machines()
    {
        var result = Place([.. Enumerable.Range(0, 50).Select(number => Machine($"m{number:00}", Tenant(memoryGi: 8)))]);

        Assert.Equal(20, result.Candidates.Count);
        Assert.Equal(30, result.LeftOut);
        Assert.Equal("m00", result.Candidates[0].Machine);
    }

    [Fact]
    public void A_request_that_would_buy_Machines_for_ever_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PlacementRule.Place(Ask, [], new PlacementLimits(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Place([], Ask with { Reserved = new(-1, 0, 0) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Place([], Ask with { Reserved = new(0, -1, 0) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Place([], Ask with { Reserved = new(0, 0, -1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Place([], Ask with { MaxCoTenants = -1 }));
        Assert.Throws<ArgumentException>(() => Place([], Ask with { WorkspaceUid = "" }));
    }

    private static string Refused(PlacementRefusal reason, PlacementResult result)
    {
        var refused = Assert.IsType<PlacementVerdict.Refused>(result.Verdict);
        Assert.Equal(reason, refused.Reason);
        return refused.Why;
    }
}
