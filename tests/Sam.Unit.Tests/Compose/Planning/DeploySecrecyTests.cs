using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

public sealed class DeploySecrecyTests
{
    private const string Secret = "hunter2hunter2";

    [Fact]
    public void Shows_no_variable_in_the_text_of_a_plan_or_its_parts()
    {
        var service = new ComposeService
        {
            Name = "web",
            Image = "web:1",
            Command = [Secret],
            Environment = Ordinal.Sort([KeyValuePair.Create("PASSWORD", Secret)]),
        };
        var release = new ReleaseSpec
        {
            Model = new ComposeModel { Services = Ordinal.Sort([KeyValuePair.Create("web", service)]) },
            Images = Ordinal.Sort([KeyValuePair.Create("web", "web@sha256:1")]),
        };
        var plan = DeployPlanner.Plan(DesiredRelease.Resolve("0a1b2c3d", 1, release), new Observed());

        var texts = plan.Operations.Select(operation => operation.ToString()).Append(plan.ToString()).Append(service.ToString());

        Assert.Contains(plan.Operations, operation => operation is Operation.CreateContainer { Spec.Environment.Count: 1 });
        Assert.All(texts, text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_a_container_another_identity_when_a_variable_changes()
    {
        var spec = new ContainerSpec { Service = "web", Image = "web@sha256:1" };
        var changed = spec with { Environment = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1") };

        Assert.NotEqual(spec.Hash, changed.Hash);
        Assert.Equal(spec.Hash, (spec with { }).Hash);
    }
}
