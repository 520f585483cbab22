using Sam.Crds.Generator;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Unit.Tests.HouseRules;

namespace Sam.Unit.Tests.Crds;

public sealed class GeneratedFilesTests
{
    [Fact]
    public void Manifests_on_disk_are_those_that_the_types_describe()
    {
        var onDisk = CrdFiles
            .Manifests.GetFiles("*.yaml")
            .ToDictionary(file => file.Name, file => File.ReadAllText(file.FullName));

        var generated = Generation.Manifests(typeof(Machine).Assembly);

        Assert.Equal(generated.Keys.Order(), onDisk.Keys.Order());
        Assert.All(generated, file => Assert.True(file.Value == onDisk[file.Key], $"{file.Key} is old: run make generate"));
    }

    [Fact]
    public void Pages_on_disk_are_those_that_the_types_describe()
    {
        var generated = Generation.Pages(typeof(Machine).Assembly);

        Assert.All(
            generated,
            file =>
                Assert.True(
                    file.Value == File.ReadAllText(Path.Combine(SourceTree.Root, "docs", file.Key)),
                    $"{file.Key} is old: run make generate"
                )
        );
    }

    [Fact]
    public void Roles_on_disk_are_those_that_the_classes_declare()
    {
        var roles = Generation.Roles(typeof(ConditionedStatus).Assembly, typeof(IMachineLinks).Assembly)["rbac.yaml"];

        var onDisk = File.ReadAllText(Path.Combine(SourceTree.Root, "operator", "manifests", "rbac.yaml"));

        Assert.True(roles == onDisk, "rbac.yaml is old: run make generate");
    }

    [Fact]
    public void Two_runs_write_the_same_bytes()
    {
        var first = Generation.Manifests(typeof(Machine).Assembly);

        var second = Generation.Manifests(typeof(Machine).Assembly);

        Assert.Equal(first, second);
    }
}
