using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>A Project's limits and its switch hold back what is new, and nothing that runs.</summary>
public sealed class LimitsTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task Of_many_nodes_at_once_only_as_many_get_a_VM_as_the_limit_says_and_the_next_goes_on_when_one_leaves()
    {
        await Kube.CreateAsync(A.Project().With(project => project.Spec.Limits.Machines = 2), Cancel);
        var names = Enumerable.Range(1, 6).Select(number => $"node{number}").ToList();
        await Task.WhenAll(names.Select(name => Kube.CreateAsync(A.Node(name), Cancel)));

        await Poll.UntilAsync(
            async () =>
                (await WithAsync(NodeHealthy.LimitExceeded.Name)).Count == 4
                && (await WithAsync(NodeHealthy.Healthy.Name)).Count == 2,
            async () => string.Join("; ", (await Kube.ListAsync<DeploymentNode>(Cancel)).Select(ReasonOf)),
            Cancel
        );
        Assert.Equal(2, Hetzner.ServersCreated());
        Assert.Equal(2, (await Kube.GetAsync<Project>("acme", Cancel)).Status.Usage!.Machines);
        var waiting = (await WithAsync(NodeHealthy.LimitExceeded.Name))[0];
        Assert.Contains("2 of 2", Expect.Find(waiting, "NodeHealthy")!.Message, StringComparison.Ordinal);

        await Kube.DeleteAsync<DeploymentNode>((await WithAsync(NodeHealthy.Healthy.Name))[0].Metadata.Name, Cancel);
        await Poll.UntilAsync(
            async () => Hetzner.ServersCreated() == 3 && (await WithAsync(NodeHealthy.Healthy.Name)).Count == 2,
            async () => string.Join("; ", (await Kube.ListAsync<DeploymentNode>(Cancel)).Select(ReasonOf)),
            Cancel
        );
        Assert.Equal(2, Hetzner.Servers().Count);
    }

    [Fact]
    public async Task A_suspended_Project_starts_nothing_new_and_ends_nothing()
    {
        await NodeAsync();
        await Kube.EditAsync<Project>("acme", project => project.Spec.Suspend = true, Cancel);
        await Kube.CreateAsync(A.Node("later"), Cancel);

        var waiting = await Expect.ReasonAsync<DeploymentNode>("later", NodeHealthy.ProjectSuspended, Cancel);
        Assert.Contains("spec.suspend", Expect.Find(waiting, "NodeHealthy")!.Message, StringComparison.Ordinal);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        Assert.Single(Hetzner.Servers());

        await Kube.EditAsync<Project>("acme", project => project.Spec.Suspend = false, Cancel);
        await Expect.ReadyAsync<DeploymentNode>("later", Cancel);
    }

    [Fact]
    public async Task A_Machine_made_by_hand_takes_a_slot_and_waits_for_one_and_for_its_Project()
    {
        await Kube.CreateAsync(A.Project().With(project => project.Spec.Limits.Machines = 0), Cancel);
        await Kube.CreateAsync(OwnMachine(), Cancel);

        await Expect.ReasonAsync<Machine>("mine", MachineConditions.Provisioned.LimitExceeded, Cancel);
        await Kube.EditAsync<Project>(
            "acme",
            project => (project.Spec.Limits.Machines, project.Spec.Suspend) = (1, true),
            Cancel
        );
        await Expect.ReasonAsync<Machine>("mine", MachineConditions.Provisioned.ProjectSuspended, Cancel);
        Assert.Equal(0, Hetzner.ServersCreated());
        await Kube.EditAsync<Project>("acme", project => project.Spec.Suspend = false, Cancel);
        await Expect.ReadyAsync<Machine>("mine", Cancel);

        await Kube.DeleteAsync<Machine>("mine", Cancel);
        await Expect.ThatAsync<Project>("acme", seen => seen.Status.Usage is { Machines: 0 }, "has its slot back", Cancel);
    }

    [Fact]
    public async Task A_slot_whose_holder_went_while_nobody_looked_is_free_again()
    {
        await NodeAsync();
        await Host.CrashAsync();
        var machine = (await MachineAsync()).Metadata.Name;
        await Kube.EditAsync<Machine>(machine, seen => seen.Metadata.Finalizers.Clear(), Cancel);
        await Kube.EditAsync<DeploymentNode>("edge", node => node.Metadata.Finalizers.Clear(), Cancel);
        await Kube.DeleteAsync<Machine>(machine, Cancel);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        Assert.Equal(1, (await Kube.GetAsync<Project>("acme", Cancel)).Status.Usage!.Machines);

        await Host.RunAsync(Cancel);

        await Expect.ThatAsync<Project>(
            "acme",
            seen => seen.Status.Usage is { Machines: 0, Reservations.Count: 0 },
            "is free",
            Cancel
        );
    }

    [Fact]
    public async Task A_Project_waits_for_its_nodes_before_it_goes_and_names_them()
    {
        await NodeAsync();
        await Kube.DeleteAsync<Project>("acme", Cancel);

        var project = await Expect.ReasonAsync<Project>("acme", ProjectConditions.Deletable.DependentsRemain, Cancel);
        Assert.Contains("DeploymentNode edge", Expect.Find(project, "Deletable")!.Message, StringComparison.Ordinal);
        await Kube.CreateAsync(A.Node("late"), Cancel);
        await Expect.ReasonAsync<DeploymentNode>("late", NodeHealthy.ProjectSuspended, Cancel);
        Assert.Contains(Names.Finalizer, (await Kube.GetAsync<Project>("acme", Cancel)).Metadata.Finalizers);

        await Kube.DeleteAsync<DeploymentNode>("late", Cancel);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<Project>("acme", Cancel);
        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task A_Project_without_nodes_says_that_nothing_needs_it_and_goes()
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Expect.ReadyAsync<Project>("acme", Cancel);
        await Kube.EditAsync<Project>("acme", project => project.Metadata.Finalizers.Add("sam.test/hold"), Cancel);

        await Kube.DeleteAsync<Project>("acme", Cancel);

        await Expect.ReasonAsync<Project>("acme", ProjectConditions.Deletable.NothingDepends, Cancel);
        await Kube.EditAsync<Project>("acme", project => project.Metadata.Finalizers.Remove("sam.test/hold"), Cancel);
        await Expect.GoneAsync<Project>("acme", Cancel);
    }

    private async Task<IReadOnlyList<DeploymentNode>> WithAsync(string reason) =>
        [
            .. (await Kube.ListAsync<DeploymentNode>(Cancel)).Where(node =>
                ReasonOf(node) == reason && node.Metadata.DeletionTimestamp is null
            ),
        ];

    private static string? ReasonOf(DeploymentNode node) => Expect.Find(node, "NodeHealthy")?.Reason;

    private static Machine OwnMachine() =>
        new()
        {
            Metadata = new() { Name = "mine" },
            Spec = new MachineSpec
            {
                MachineId = "0123456789abcdef",
                Role = MachineRole.Deployment,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
            },
        };
}
