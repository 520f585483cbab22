using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Sam.Unit.Tests.Simulations;

/// <summary>
/// Runs a theory over seeds 1 to <paramref name="count"/>; <c>SAM_SEED</c> replays one seed, <c>SAM_SEEDS</c> multiplies the count.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SeedsAttribute(int count) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) => new([.. Chosen().Select(seed => new TheoryDataRow<int>(seed))]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private IEnumerable<int> Chosen() =>
        Number("SAM_SEED") is { } one ? [one] : Enumerable.Range(1, count * (Number("SAM_SEEDS") ?? 1));

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
