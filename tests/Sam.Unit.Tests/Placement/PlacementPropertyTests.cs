using Sam.Rules.Placement;

namespace Sam.Unit.Tests.Placement;

/// <summary>Over many seeded worlds: the rule says what the flat model says, and no sequence of comings and goings breaks what must hold.</summary>
public sealed class PlacementPropertyTests
{
    private const int Snapshots = 20_000;
    private const int Sequences = 2_000;
    private const int Steps = 40;

    [Fact]
    public void Any_snapshot_gives_what_the_model_says_in_whatever_order_it_is_listed()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Snapshots; seed++)
        {
            var dice = new PlacementDice(seed);
            var machines = Enumerable.Range(0, dice.Next(9)).Select(dice.Crowded).ToList();
            var (request, limits) = (dice.Request("w3"), dice.Limits());

            var result = PlacementRule.Place(request, machines, limits);

            Assert.True(
                Text(result) == Text(PlacementRule.Place(request, dice.Shuffled(machines), limits)),
                $"seed {seed}: order"
            );
            Assert.True(
                Wrong(request, machines, limits, result) is null,
                $"seed {seed}: {Wrong(request, machines, limits, result)}"
            );
            var key = result.Verdict is PlacementVerdict.Placed placed ? $"{placed.Reason}" : result.Verdict.GetType().Name;
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }

        // Worlds in which something never happens prove nothing about it.
        Assert.Equal(6 + 3, seen.Count);
        Assert.All(seen, one => Assert.True(one.Value > 50, $"{one.Key} happened {one.Value} times"));
    }

    [Fact]
    public void No_sequence_of_comings_and_goings_breaks_what_must_hold()
    {
        var placed = 0;
        for (var seed = 0; seed < Sequences; seed++)
        {
            var dice = new PlacementDice(seed);
            var world = new PlacementWorld(dice, dice.Limits());
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
                var wrongs = world.Wrongs();
                Assert.True(wrongs.Count == 0, $"seed {seed}, step {step}: {string.Join(", ", wrongs)}");
            }

            placed += world.Placed;
        }

        Assert.True(placed > Sequences * 3, $"only {placed} were placed");
    }

    [Fact]
    public void What_is_bought_for_a_Workspace_takes_it()
    {
        var bought = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var dice = new PlacementDice(seed);
            var (request, limits) = (dice.Request("w3"), dice.Limits());
            if (PlacementRule.Place(request, [], limits).Verdict is not PlacementVerdict.BuyNew buy)
                continue;
            bought++;

            foreach (var type in buy.ServerTypes)
            {
                var machine = PlacementWorld.Bought(request, request.Buyable.First(shape => shape.ServerType == type), 1);
                var again = PlacementRule.Place(request, [machine], limits).Verdict;

                Assert.True(
                    again is PlacementVerdict.Placed { Reason: PlacementReason.BoughtForIt } placed
                        && placed.MachineId == machine.Id,
                    $"seed {seed}: {again}"
                );
            }
        }

        Assert.True(bought > 500, $"only {bought} were bought");
    }

    private static string? Wrong(
        PlacementRequest request,
        List<MachineSnapshot> machines,
        PlacementLimits limits,
        PlacementResult result
    )
    {
        var here = PlacementModel
            .Owned(machines)
            .Where(machine => machine.Project.Namespace == request.Project.Namespace)
            .ToList();
        var listed = result.Candidates.Count + result.LeftOut;
        if (result.Verdict is PlacementVerdict.Placed { Reason: PlacementReason.AlreadyAllocated } held)
            return Holds(here.Single(machine => machine.Id == held.MachineId), request) ? null : "it is not on it";
        if (here.Exists(machine => Holds(machine, request)))
            return "it is on another one";
        if (request.NamedMachine is { } name)
            return WrongNamed(request, here.Find(machine => machine.Name == name), limits, result.Verdict);
        var best = PlacementModel.Best(request, here, limits);
        if (listed != here.Count - (best is null ? 0 : 1))
            return $"{listed} of {here.Count} are explained";
        return result.Verdict switch
        {
            PlacementVerdict.Placed placed => placed.MachineId == best?.Id ? null : $"{placed} instead of {best?.Name}",
            var other => best is null ? null : $"{other} instead of {best.Name}",
        };
    }

    private static string? WrongNamed(
        PlacementRequest request,
        MachineSnapshot? named,
        PlacementLimits limits,
        PlacementVerdict verdict
    )
    {
        var fits = named is not null && PlacementModel.Fits(request, named, limits);
        return verdict switch
        {
            PlacementVerdict.Placed placed => fits && placed.MachineId == named!.Id ? null : $"{placed} does not fit",
            PlacementVerdict.BuyNew => "a named Machine is replaced",
            _ => fits ? "the named one fits" : null,
        };
    }

    private static bool Holds(MachineSnapshot machine, PlacementRequest request) =>
        machine.Allocations.Any(allocation => allocation.WorkspaceUid == request.WorkspaceUid);

    private static string Text(PlacementResult result)
    {
        var verdict = result.Verdict is PlacementVerdict.BuyNew buy
            ? $"{buy.Why} {string.Join(',', buy.ServerTypes)}"
            : result.Verdict.ToString();
        return $"{verdict} {string.Join(';', result.Candidates)} {result.LeftOut}";
    }
}
