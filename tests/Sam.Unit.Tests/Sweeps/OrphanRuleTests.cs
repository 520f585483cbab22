using CsCheck;
using Sam.Rules.Sweeps;

namespace Sam.Unit.Tests.Sweeps;

/// <summary>What nobody owns goes; whatever is in doubt stays.</summary>
public sealed class OrphanRuleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SweepFacts s_facts = new(
        "ours",
        s_now - TimeSpan.FromDays(30),
        new HashSet<string> { "living" },
        TimeSpan.FromHours(1),
        DryRun: false,
        s_now
    );

    private static readonly FoundThing s_orphan = new(
        1,
        IsManaged: true,
        "ours",
        "gone",
        s_now - TimeSpan.FromHours(2),
        HoldsData: false,
        IsProtected: false
    );

    public static TheoryData<string, FoundThing> Kept =>
        new()
        {
            { "another installation's", s_orphan with { Installation = "theirs" } },
            { "without an installation", s_orphan with { Installation = null } },
            { "without the marker", s_orphan with { IsManaged = false } },
            { "without a Machine's id", s_orphan with { MachineId = null } },
            { "with an empty Machine's id", s_orphan with { MachineId = "" } },
            { "of a Machine that lives", s_orphan with { MachineId = "living" } },
            { "that was kept on purpose", s_orphan with { IsRetained = true } },
            { "that Machines share and need", s_orphan with { MachineId = null, IsShared = true, IsPlanned = true } },
            { "that is young", s_orphan with { Created = s_now - TimeSpan.FromMinutes(59) } },
            { "that is from the future", s_orphan with { Created = s_now + TimeSpan.FromHours(5) } },
        };

    public static TheoryData<string, FoundThing, SweepFacts> Reported =>
        new()
        {
            { "on a fresh installation", s_orphan, s_facts with { InstalledAt = s_now - TimeSpan.FromHours(23) } },
            { "with data", s_orphan with { HoldsData = true }, s_facts },
            { "under protection", s_orphan with { IsProtected = true }, s_facts },
            { "in use", s_orphan with { IsInUse = true }, s_facts },
            { "in a dry run", s_orphan, s_facts with { DryRun = true } },
        };

    [Fact]
    public void Deletes_what_is_ours_and_old_and_has_no_Machine() =>
        Assert.IsType<OrphanVerdict.Delete>(OrphanRule.Judge(s_orphan, s_facts));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Deletes_what_Machines_shared_once_none_lives_or_none_would_use_it(bool lives, bool isPlanned)
    {
        var shared = s_orphan with { MachineId = null, IsShared = true, IsPlanned = isPlanned };

        var verdict = OrphanRule.Judge(shared, lives ? s_facts : s_facts with { LivingMachines = new HashSet<string>() });

        Assert.IsType<OrphanVerdict.Delete>(verdict);
    }

    [Theory, MemberData(nameof(Kept))]
    public void Keeps_a_server(string what, FoundThing thing)
    {
        var verdict = OrphanRule.Judge(thing, s_facts);

        Assert.True(verdict is OrphanVerdict.Keep, what);
    }

    [Theory, MemberData(nameof(Reported))]
    public void Reports_an_orphan_and_keeps_it(string what, FoundThing thing, SweepFacts facts)
    {
        var verdict = OrphanRule.Judge(thing, facts);

        Assert.True(verdict is OrphanVerdict.Report, what);
    }

    [Fact]
    public void Never_deletes_for_any_mixture_of_facts_what_one_fact_alone_keeps()
    {
        var words = Gen.Int[0, 5].Select(index => ((string?[])["ours", "theirs", "living", "gone", "", null])[index]);
        var things = Gen.Select(
            Gen.Bool,
            words,
            words,
            Gen.Int[-100, 100],
            Gen.Int[0, 63],
            (managed, installation, machine, hours, flags) =>
                new FoundThing(
                    7,
                    managed,
                    installation,
                    machine,
                    s_now - TimeSpan.FromHours(hours),
                    HoldsData: (flags & 1) != 0,
                    IsProtected: (flags & 2) != 0
                )
                {
                    IsRetained = (flags & 4) != 0,
                    IsInUse = (flags & 8) != 0,
                    IsShared = (flags & 16) != 0,
                    IsPlanned = (flags & 32) != 0,
                }
        );
        var facts = Gen.Select(
            Gen.Int[0, 100],
            Gen.Bool,
            Gen.Bool,
            (hours, dry, lives) =>
                s_facts with
                {
                    InstalledAt = s_now - TimeSpan.FromHours(hours),
                    DryRun = dry,
                    LivingMachines = lives ? s_facts.LivingMachines : new HashSet<string>(),
                }
        );

        Gen.Select(things, facts)
            .Sample(
                (thing, known) =>
                {
                    if (OrphanRule.Judge(thing, known) is not OrphanVerdict.Delete)
                        return;
                    Assert.True(thing is { IsManaged: true, Installation: "ours", HoldsData: false, IsProtected: false });
                    Assert.True(thing is { IsRetained: false, IsInUse: false });
                    Assert.True(
                        thing.IsShared
                            ? known.LivingMachines.Count == 0 || !thing.IsPlanned
                            : thing.MachineId is not (null or "") && !known.LivingMachines.Contains(thing.MachineId)
                    );
                    Assert.True(thing.Created <= s_now - TimeSpan.FromHours(1));
                    Assert.True(known is { DryRun: false } && known.InstalledAt <= s_now - TimeSpan.FromHours(24));
                }
            );
    }
}
