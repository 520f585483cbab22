using Sam.Rules.Disks;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Every reason why a Machine does not take a Workspace, and what comes nearest to it and does not keep it away.</summary>
public sealed class MachineFitTests
{
    private static readonly PlacementRequest s_pooled = Ask with { Project = Other, MachinePool = "team" };

    private static readonly MachineSnapshot s_pool = Machine("pool") with { MachinePool = "team" };

    private static readonly (string Which, ObstacleKind Kind, MachineSnapshot Machine, PlacementRequest Request)[] s_obstacles =
    [
        ("of Compose apps", ObstacleKind.OtherRole, Machine() with { Use = MachineUse.Deployment }, Ask),
        ("of another Project", ObstacleKind.NotShared, Machine() with { Project = Other }, Ask),
        ("of another namespace", ObstacleKind.NotShared, Machine() with { Project = new("prod", "shop") }, Ask),
        (
            "of the same pool in another namespace",
            ObstacleKind.NotShared,
            s_pool with
            {
                Project = new("prod", "shop"),
            },
            s_pooled
        ),
        ("of another pool", ObstacleKind.NotShared, s_pool with { MachinePool = "others" }, s_pooled),
        ("of a Project without a pool", ObstacleKind.NotShared, s_pool with { MachinePool = null }, s_pooled),
        ("of a pool, for a Project without one", ObstacleKind.NotShared, s_pool, s_pooled with { MachinePool = null }),
        ("of a pool that another Secret pays", ObstacleKind.NotShared, s_pool with { CredentialSource = "demo/b" }, s_pooled),
        (
            "of a pool where nobody knows what pays",
            ObstacleKind.NotShared,
            s_pool with
            {
                CredentialSource = "",
            },
            s_pooled with
            {
                CredentialSource = "",
            }
        ),
        (
            "of one's own with a guest of a pool that one left",
            ObstacleKind.NotShared,
            Machine("m", Tenant() with { Project = Other }) with
            {
                MachinePool = "team",
            },
            Ask
        ),
        ("whose deletion is asked for", ObstacleKind.BeingDeleted, Machine() with { IsDeleting = true }, Ask),
        ("that is being given back", ObstacleKind.BeingDeleted, Machine() with { Stage = MachineStage.Deleting }, Ask),
        ("that is being drained", ObstacleKind.Draining, Machine() with { Stage = MachineStage.Draining }, Ask),
        ("that failed", ObstacleKind.Failed, Machine() with { Stage = MachineStage.Failed }, Ask),
        ("of x86, not Arm", ObstacleKind.WrongArchitecture, Machine(), Wishing(new(null, null, [], true, null))),
        (
            "of Arm, not x86",
            ObstacleKind.WrongArchitecture,
            Machine() with
            {
                IsArm = true,
            },
            Wishing(new(null, null, [], false, null))
        ),
        ("of another type", ObstacleKind.WrongServerType, Machine(), Wishing(new("cx43", "Medium", [], null, null))),
        (
            "whose type is not settled, for one that asks for a type",
            ObstacleKind.NotSettled,
            Machine() with
            {
                ServerType = null,
            },
            Wishing(new("cx43", null, [], null, null))
        ),
        ("of another size", ObstacleKind.WrongSize, Machine(), Wishing(new(null, "Large", [], null, null))),
        (
            "whose type is not settled, for one that asks for a size",
            ObstacleKind.NotSettled,
            Machine() with
            {
                ServerType = null,
            },
            Wishing(new(null, "Large", [], null, null))
        ),
        ("elsewhere", ObstacleKind.WrongLocation, Machine(), Wishing(new(null, null, ["nbg1", "hel1"], null, null))),
        (
            "at no place yet",
            ObstacleKind.NotSettled,
            Machine() with
            {
                Location = null,
            },
            Wishing(new(null, null, ["fsn1"], null, null))
        ),
        ("with another image", ObstacleKind.WrongImage, Machine(), Wishing(new(null, null, [], null, "debian-13"))),
        ("with too few CPUs", ObstacleKind.TooSmall, Machine(), Ask with { Reserved = new(4001, Gi, Gi) }),
        ("with too little memory", ObstacleKind.TooSmall, Machine(), Ask with { Reserved = new(1, (8 * Gi) + 1, Gi) }),
        ("with too small a disk", ObstacleKind.TooSmall, Machine(), Ask with { Reserved = new(1, Gi, 81 * Gi) }),
        ("whose capacity is not known", ObstacleKind.NotSettled, Machine() with { Capacity = null }, Ask),
        ("that does not answer", ObstacleKind.Unreachable, Machine() with { IsReachable = false }, Ask),
        (
            "that is warm and does not answer",
            ObstacleKind.Unreachable,
            Machine() with
            {
                Stage = MachineStage.Warm,
                IsReachable = false,
            },
            Ask
        ),
        ("whose disk is full", ObstacleKind.DiskFull, Machine() with { Disk = DiskLevel.Full }, Ask),
        ("that was bought for another", ObstacleKind.KeptForAnother, Machine() with { BoughtFor = "w-third" }, Ask),
        ("that somebody has for itself", ObstacleKind.HeldExclusively, Machine("m", Tenant() with { IsExclusive = true }), Ask),
        (
            "that is in use, for one that wants its own",
            ObstacleKind.InUse,
            Machine("m", Tenant()),
            Ask with
            {
                IsExclusive = true,
            }
        ),
        (
            "with as many as one may have",
            ObstacleKind.MachineFull,
            Machine("m", Tenant("a", 1, 0, 0), Tenant("b", 1, 0, 0), Tenant("c", 1, 0, 0)),
            Ask
        ),
        (
            "with more than it tolerates",
            ObstacleKind.TooManyCoTenants,
            Machine("m", Tenant("a"), Tenant("b")),
            Ask with
            {
                MaxCoTenants = 1,
            }
        ),
        (
            "with one that tolerates no further one",
            ObstacleKind.CoTenantsRefuse,
            Machine("m", Tenant("a"), Tenant("b") with { MaxCoTenants = 1 }),
            Ask
        ),
        ("without free CPU", ObstacleKind.NoCpu, Machine("m", Tenant(cpu: 3001)), Ask),
        ("without free memory", ObstacleKind.NoMemory, Machine("m", Tenant(memoryGi: 7)), Ask),
        ("without free disk", ObstacleKind.NoDisk, Machine("m", Tenant(diskGi: 71)), Ask),
    ];

    public static TheoryData<string, ObstacleKind, MachineSnapshot, PlacementRequest> Obstacles => new(s_obstacles);

    public static TheoryData<string, MachineSnapshot, PlacementRequest> Fits =>
        new()
        {
            { "an empty one", Machine(), Ask },
            { "one of the pool, paid by one Secret", s_pool, s_pooled },
            {
                "one of its own with a guest of its pool",
                Machine("m", Tenant() with { Project = Other }) with
                {
                    MachinePool = "team",
                },
                Ask with
                {
                    MachinePool = "team",
                }
            },
            { "one of its own that an older Secret pays", Machine() with { CredentialSource = "demo/before" }, Ask },
            { "one that starts and cannot answer", Machine() with { Stage = MachineStage.Starting, IsReachable = false }, Ask },
            { "one whose disk fills", Machine() with { Disk = DiskLevel.Collecting }, Ask },
            { "one that was bought for it", Machine() with { BoughtFor = Ask.WorkspaceUid }, Ask },
            { "one that it fills to the last byte", Machine(), Ask with { Reserved = Medium } },
            { "one that it fills beside another", Machine("m", Tenant(cpu: 3000, memoryGi: 6, diskGi: 70)), Ask },
            { "one for itself, if nobody is on it", Machine(), Ask with { IsExclusive = true, MaxCoTenants = 0 } },
            {
                "one where each tolerates one other",
                Machine("m", Tenant() with { MaxCoTenants = 1 }),
                Ask with
                {
                    MaxCoTenants = 1,
                }
            },
            {
                "one of the size that was asked for",
                Machine(),
                Wishing(new(null, "Medium", ["hel1", "fsn1"], false, "docker-ce"))
            },
            {
                "one of the type that was asked for, whatever size that is",
                Machine(),
                Wishing(new("cx33", "Large", [], null, null))
            },
            { "one that it is on already and fills", Machine("m", Tenant(Ask.WorkspaceUid, 4000, 8, 80)), Ask },
        };

    [Theory, MemberData(nameof(Obstacles))]
    public void A_Machine_does_not_take_it(string which, ObstacleKind kind, MachineSnapshot machine, PlacementRequest request)
    {
        var obstacle = MachineFit.Find(request, machine, UpToThree);

        Assert.True(kind == obstacle?.Kind, $"one {which}: {obstacle}");
        Assert.InRange(obstacle.Why.Length, 5, 200);
    }

    [Theory, MemberData(nameof(Fits))]
    public void A_Machine_takes_it(string which, MachineSnapshot machine, PlacementRequest request) =>
        Assert.True(
            MachineFit.Find(request, machine, UpToThree) is null,
            $"{which}: {MachineFit.Find(request, machine, UpToThree)}"
        );

    [Fact]
    public void Every_reason_has_a_test()
    {
        var tested = s_obstacles.Select(row => row.Kind);

        Assert.Equal(
            Enum.GetValues<ObstacleKind>().Except([ObstacleKind.Outranked, ObstacleKind.SecondAllocation]).Order(),
            tested.Distinct().Order()
        );
    }

    [Fact]
    public void A_lack_is_told_in_the_words_of_the_request()
    {
        var obstacle = MachineFit.Find(Ask, Machine("m", Tenant(memoryGi: 7)), UpToThree);

        Assert.Equal("1Gi memory is left, 2Gi memory is asked for", obstacle?.Why);
    }

    private static PlacementRequest Wishing(MachineWish wish) => Ask with { Wish = wish };
}
