using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

public sealed class DeployPlannerTests
{
    public static TheoryData<string> Cases() => [.. DeployGolden.Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plans_what_the_golden_file_shows(string name)
    {
        var golden = new DeployGolden(name);
        var desired = golden.Desired();

        var plan = name.StartsWith("teardown", StringComparison.Ordinal)
            ? DeployPlanner.Teardown(
                golden.Observed(desired),
                keepVolumes: name.EndsWith("keeps-volumes", StringComparison.Ordinal)
            )
            : DeployPlanner.Plan(desired, golden.Observed(desired));

        golden.Expect(PlanText.Render(plan));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_same_plan_whatever_the_order_of_what_was_seen(string name)
    {
        var golden = new DeployGolden(name);
        var desired = golden.Desired();
        var observed = golden.Observed(desired);
        var turned = observed with { Containers = [.. observed.Containers.Reverse()], Images = [.. observed.Images.Reverse()] };

        var first = PlanText.Render(DeployPlanner.Plan(desired, observed));
        var second = PlanText.Render(DeployPlanner.Plan(desired with { Services = [.. desired.Services.Reverse()] }, turned));

        Assert.Equal(first, second);
    }
}
