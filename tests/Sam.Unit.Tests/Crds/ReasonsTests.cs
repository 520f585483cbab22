using System.Text.RegularExpressions;
using Sam.Crds.Generator;
using Sam.Crds.Generator.Reading;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;

namespace Sam.Unit.Tests.Crds;

public sealed partial class ReasonsTests
{
    private static readonly IReadOnlyList<ConditionType> All =
    [
        .. Conditions.OfRuntime(),
        .. Kind.In(typeof(Machine).Assembly).SelectMany(Conditions.Of),
    ];

    [Fact]
    public void Every_reason_of_every_kind_is_on_the_page()
    {
        var page = Generation.Pages(typeof(Machine).Assembly)["reasons.md"];

        var missing = All.SelectMany(type => type.Reasons)
            .Where(reason =>
                !page.Contains($"| {reason.Condition.Name} | `{reason.Name}` | {reason.Status} |", StringComparison.Ordinal)
            );

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_condition_can_come_true_and_can_fail_to()
    {
        var stuck = All.Except(Conditions.OfRuntime())
            .Where(type =>
                type.Reasons.All(reason => reason.Status != ConditionStatus.True)
                || type.Reasons.All(reason => reason.Status == ConditionStatus.True)
            );

        Assert.Empty(stuck);
    }

    [Fact]
    public void Names_are_CamelCase_and_meanings_are_sentences()
    {
        var reasons = All.SelectMany(type => type.Reasons).ToArray();

        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Matches(CamelCase(), reason.Name));
        Assert.All(reasons, reason => Assert.EndsWith(".", reason.Meaning, StringComparison.Ordinal));
        Assert.All(All, type => Assert.Matches(CamelCase(), type.Name));
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CamelCase();
}
