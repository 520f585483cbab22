using Sam.Testing.Worlds;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Whenever the operator dies, nothing is leaked, duplicated or stuck. <c>make crash-test</c> lives ten thousand such stories.</summary>
public sealed class CrashRunTests
{
    [Theory, Seeds(20)]
    public void Nothing_is_leaked_duplicated_or_stuck_wherever_the_operator_dies(int seed)
    {
        var outcome = CrashRun.Run(seed);

        Assert.Empty(outcome.Wrongs);
    }
}
