using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Controllers.ComposeApps.Steps;
using Sam.Operator.Controllers.DeploymentNodes.Replacement;
using Sam.Operator.Controllers.DeploymentNodes.Steps;
using Sam.Operator.Controllers.Machines.Provision;
using Sam.Operator.Controllers.Machines.Teardown;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Runtime.Abstractions;
using Sam.Testing;

namespace Sam.Integration.Tests.Reasons;

/// <summary>Which steps a kind takes, in which order, on the way up and on the way out, as <c>status.steps</c> shows them.</summary>
public sealed class StepsTests(SharedCluster shared) : OperatorTest(shared)
{
    private const string Hold = "sam.test/hold";

    [Fact]
    public async Task The_way_up_takes_these_steps_in_this_order()
    {
        await ServedAsync();

        var project = await Kube.GetAsync<Project>("acme", Cancel);

        Assert.Equal(
            [
                nameof(ResolveCredentials),
                nameof(ProbeCredentials),
                nameof(CountUsage),
                nameof(VerifyRepository),
                nameof(ReadRepository),
                nameof(KeepTokenSecrets),
                nameof(JudgeProject),
            ],
            Steps(project)
        );
        Assert.Equal(
            [
                nameof(KeepCredential),
                nameof(ObserveServer),
                nameof(HoldSlot),
                nameof(BuyServer),
                nameof(GuardServer),
                nameof(KeepAddress),
                nameof(EnsureVolumes),
                nameof(AwaitEngine),
                nameof(WatchEngine),
            ],
            Steps(await MachineAsync())
        );
    }

    [Fact]
    public async Task The_way_up_of_a_node_and_its_app_takes_these_steps_in_this_order()
    {
        await ServedAsync();

        Assert.Equal(
            [
                nameof(ResolveProvider),
                nameof(AdmitMachine),
                nameof(AdoptServer),
                nameof(ReplaceMachine),
                nameof(AlignMachine),
                nameof(EnsureMachine),
                nameof(EnsureCaddy),
                nameof(ReadHost),
                nameof(LoadCaddyDocument),
                nameof(ReadCertificates),
                nameof(ReportRoutes),
                nameof(ReportApps),
            ],
            Steps(await Kube.GetAsync<DeploymentNode>("edge", Cancel))
        );
        Assert.Equal(
            [
                nameof(ResolveManifest),
                nameof(RecordRelease),
                nameof(RunRelease),
                nameof(JudgeHealth),
                nameof(RunHooks),
                nameof(VerifyHosts),
                nameof(PublishDns),
                nameof(PublishRoutes),
                nameof(ReportCertificates),
                nameof(ConfirmInSync),
                nameof(TidyImages),
                nameof(Conclude),
            ],
            Steps(await Kube.GetAsync<ComposeApp>("shop", Cancel))
        );
    }

    [Fact]
    public async Task The_way_out_takes_these_steps_in_this_order()
    {
        await ServedAsync();
        var machine = (await MachineAsync()).Metadata.Name;

        var app = await LeaveAsync<ComposeApp>("shop");
        await Kube.EditAsync<Machine>(machine, m => m.Metadata.Finalizers.Add(Hold), Cancel);
        await Kube.EditAsync<DeploymentNode>("edge", n => n.Metadata.Finalizers.Add(Hold), Cancel);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        var released = await ReleasedAsync<Machine>(machine);
        await Kube.EditAsync<Machine>(machine, m => m.Metadata.Finalizers.Remove(Hold), Cancel);
        var node = await ReleasedAsync<DeploymentNode>("edge");
        await Kube.EditAsync<DeploymentNode>("edge", n => n.Metadata.Finalizers.Remove(Hold), Cancel);
        var project = await LeaveAsync<Project>("acme");

        // The steps of the way up stay listed, with their times.
        Assert.Equal(
            [nameof(WithdrawDns), nameof(WithdrawRoutes), nameof(TearDownApp), nameof(ReturnImages), nameof(DropReleases)],
            Steps(app).TakeLast(5)
        );
        Assert.Equal(
            [nameof(DeleteServer), nameof(ReleaseVolumes), nameof(ReleaseAddress), nameof(DropCredential)],
            Steps(released).TakeLast(4)
        );
        Assert.Equal([nameof(DeleteMachine), nameof(ReturnSlot)], Steps(node).TakeLast(2));
        Assert.Equal([nameof(AwaitDependents), nameof(RevokeTokens)], Steps(project).TakeLast(2));
    }

    /// <summary>Deletes an object that the test holds back; how it stood when the operator let it go.</summary>
    private async Task<T> LeaveAsync<T>(string name)
        where T : IConditionedResource
    {
        await Kube.EditAsync<T>(name, thing => thing.Metadata.Finalizers.Add(Hold), Cancel);
        await Kube.DeleteAsync<T>(name, Cancel);
        var left = await ReleasedAsync<T>(name);
        await Kube.EditAsync<T>(name, thing => thing.Metadata.Finalizers.Remove(Hold), Cancel);
        return left;
    }

    private Task<T> ReleasedAsync<T>(string name)
        where T : IConditionedResource =>
        Expect.ThatAsync<T>(
            name,
            thing => thing.Metadata.DeletionTimestamp is not null && !thing.Metadata.Finalizers.Contains(Names.Finalizer),
            "let go by the operator",
            Cancel
        );

    private static IEnumerable<string> Steps(IConditionedResource seen) => seen.ConditionedStatus.Steps.Select(step => step.Name);
}
