using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Whenever the operator dies, nothing is leaked, duplicated or stuck. <c>make crash-test</c> lives ten thousand such stories.</summary>
public sealed class CrashRunTests
{
    private const int Stories = 400;

    [Theory, Seeds(40)]
    public void Nothing_is_leaked_duplicated_or_stuck_wherever_the_operator_dies(int seed)
    {
        var outcome = CrashRun.Run(seed);

        Assert.Empty(outcome.Wrongs);
    }

    [Theory]
    [InlineData(PlantedBug.NoClaim)]
    [InlineData(PlantedBug.NoLookup)]
    public void A_planted_bug_is_found(PlantedBug bug)
    {
        // One in fourteen stories shows it; the first that does ends the search.
        var found = Enumerable
            .Range(1, Stories)
            .Select(seed => CrashRun.Run(seed, setup => setup.Plant(bug)))
            .FirstOrDefault(outcome => outcome.Wrongs.Count > 0);

        Assert.NotNull(found);
    }

    [Fact]
    public void A_seed_replays_its_story_exactly()
    {
        var (first, second) = (CrashRun.Run(7), CrashRun.Run(7));

        Assert.Equal(first.Struck, second.Struck);
        Assert.Equal((first.Crashes, first.Effects, first.Fingerprint), (second.Crashes, second.Effects, second.Fingerprint));
    }
}
