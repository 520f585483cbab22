using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Runtime.Conditions;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Unit.Tests.DeploymentNodes;

/// <summary>When a VM is not what its node asks for, and when there is nothing left of it to lose.</summary>
public sealed class ReplacementRuleTests
{
    [Theory]
    [InlineData(null, null, null, false)]
    [InlineData(null, MachineSize.Small, null, false)]
    [InlineData(null, MachineSize.Medium, null, true)]
    [InlineData(null, null, MachineArchitecture.X86, false)]
    [InlineData(null, null, MachineArchitecture.Arm, true)]
    [InlineData(null, MachineSize.Small, MachineArchitecture.Arm, true)]
    [InlineData("cx23", null, null, false)]
    [InlineData("cx33", MachineSize.Small, null, true)]
    public void Only_what_the_node_itself_asks_for_replaces_its_VM(
        string? type,
        MachineSize? size,
        MachineArchitecture? architecture,
        bool isOther
    )
    {
        var node = new DeploymentNode
        {
            Spec =
            {
                Cloud = new CloudSpec
                {
                    ServerType = type,
                    Size = size,
                    Architecture = architecture,
                },
            },
        };
        // Everything is otherwise in the Project.
        var project = new Project
        {
            Spec =
            {
                Cloud = new CloudSpec { Size = MachineSize.Large, Architecture = MachineArchitecture.Arm },
            },
        };

        Assert.Equal(isOther, ReplacementRule.Why(node, project, Small()) is not null);
    }

    public static TheoryData<Reason, bool> Ends() =>
        new()
        {
            { Provisioned.ServerGone, true },
            { Provisioned.ServerOff, false },
            { Provisioned.CreateTimedOut, false },
            { Provisioned.TokenRefused, false },
            { Booted.BootTimedOut, false },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Only_what_the_provider_says_is_gone_has_nothing_to_lose(Reason reason, bool isLost)
    {
        var machine = Small();
        machine.Status.Conditions =
        [
            new V1Condition
            {
                Type = reason.Condition.Name,
                Status = reason.Status.ToString(),
                Reason = reason.Name,
            },
            new V1Condition
            {
                Type = "Stalled",
                Status = "True",
                Reason = reason.Name,
            },
        ];

        Assert.Equal(isLost, ReplacementRule.IsLost(machine));
    }

    [Fact]
    public void A_price_limit_that_was_raised_orders_anew_while_nothing_was_bought()
    {
        var (begun, wanted) = (Small(), Small());
        (begun.Spec.MaxHourlyPrice, wanted.Spec.MaxHourlyPrice) = ("0.01", "0.05");

        var bought = ReplacementRule.StillFits(begun, wanted);
        begun.Status.ServerId = null;

        Assert.Equal((true, false), (bought, ReplacementRule.StillFits(begun, wanted)));
    }

    private static Machine Small() =>
        new()
        {
            Spec = { Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }] },
            Status = new MachineStatus
            {
                ServerId = 1,
                ServerType = "cx23",
                Location = "fsn1",
            },
        };
}
