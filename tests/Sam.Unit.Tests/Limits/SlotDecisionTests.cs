using CsCheck;
using Sam.Rules.Limits;

namespace Sam.Unit.Tests.Limits;

/// <summary>Who gets a slot, by the numbers alone.</summary>
public sealed class SlotDecisionTests
{
    [Fact]
    public void There_is_room_below_the_limit_and_none_at_it()
    {
        Assert.IsType<SlotDecision.Granted>(Of([Own("a")], "b", limit: 2));

        var refused = Assert.IsType<SlotDecision.Refused>(Of([Own("a"), Own("b")], "c", limit: 2));
        Assert.Equal((2, 2), (refused.Used, refused.Limit));
        Assert.Contains("2 of 2", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_holds_a_slot_keeps_it_below_a_lowered_limit()
    {
        Assert.IsType<SlotDecision.Held>(Of([Own("a"), Own("b"), Own("c")], "c", limit: 1));
    }

    [Fact]
    public void Slots_of_another_kind_are_no_matter()
    {
        Assert.IsType<SlotDecision.Granted>(Of([new HeldSlot("Workspace", "a", false)], "b", limit: 1));
    }

    [Fact]
    public void The_quota_is_for_what_the_platform_pays()
    {
        Assert.IsType<SlotDecision.Granted>(Of([Paid("a")], "b", limit: 9, isPaid: false, quota: 1));
        Assert.IsType<SlotDecision.Granted>(Of([Own("a")], "b", limit: 9, isPaid: true, quota: 1));
        Assert.IsType<SlotDecision.Refused>(Of([Paid("a")], "b", limit: 9, isPaid: true, quota: 1));
        Assert.IsType<SlotDecision.Granted>(Of([Paid("a")], "b", limit: 9, isPaid: true, quota: null));
    }

    [Fact]
    public void Granting_as_long_as_it_is_granted_never_passes_the_limit_nor_the_quota()
    {
        var asks = Gen.Select(Gen.Int[0, 12], Gen.Bool).List[0, 60];
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], asks)
            .Sample(
                (limit, quota, sequence) =>
                {
                    var held = new List<HeldSlot>();
                    foreach (var (number, isPaid) in sequence)
                    {
                        if (Of(held, $"h{number}", limit, isPaid, quota) is not SlotDecision.Granted)
                            continue;
                        held.RemoveAll(slot => slot.Holder == $"h{number}");
                        held.Add(new HeldSlot("Machine", $"h{number}", isPaid));
                    }

                    return held.Count <= limit && held.Count(slot => slot.IsPaidByPlatform) <= quota;
                }
            );
    }

    private static SlotDecision Of(
        IReadOnlyCollection<HeldSlot> held,
        string holder,
        int limit,
        bool isPaid = false,
        int? quota = null
    ) => SlotDecision.Of(held, "Machine", holder, limit, isPaid, quota);

    private static HeldSlot Own(string holder) => new("Machine", holder, false);

    private static HeldSlot Paid(string holder) => new("Machine", holder, true);
}
