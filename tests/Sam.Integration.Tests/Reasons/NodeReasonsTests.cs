using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Integration.Tests.Reasons;

/// <summary>What a DeploymentNode says of each trouble with its Machine, its Caddy and its apps.</summary>
public sealed class NodeReasonsTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task A_node_and_its_app_wait_for_a_machine_that_boots()
    {
        Host.Engines.SilentAtFirst = true;
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Kube.CreateAsync(A.App(), Cancel);

        await Expect.ReasonAsync<DeploymentNode>("edge", NodeHealthy.MachineNotReady, Cancel);
        await Expect.ReasonAsync<ComposeApp>("shop", ComposeAppConditions.ImagesResolved.NodeNotReady, Cancel);
        await Expect.ReasonAsync<Machine>((await MachineAsync()).Metadata.Name, MachineConditions.Booted.AwaitingEngine, Cancel);
        (await EngineAsync()).ComeUp();

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_Caddy_that_is_slow_to_start_is_told_apart_from_one_that_is_missing()
    {
        Host.Engines.SilentAtFirst = true;
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Expect.ReasonAsync<DeploymentNode>("edge", NodeHealthy.MachineNotReady, Cancel);
        await Expect.ReasonAsync<Machine>((await MachineAsync()).Metadata.Name, MachineConditions.Booted.AwaitingEngine, Cancel);
        var engine = await EngineAsync();
        engine.Faults.Slow("InspectContainer", TimeSpan.FromSeconds(3));

        engine.ComeUp();

        await Expect.ReasonAsync<DeploymentNode>("edge", NodeHealthy.CaddyStarting, Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public async Task A_Caddy_image_that_cannot_be_had_stalls_and_another_one_heals()
    {
        Script.Missing("registry.test/caddy:2");
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        var node = await Expect.ReasonAsync<DeploymentNode>("edge", NodeHealthy.CaddyImageUnavailable, Cancel);
        Assert.Contains("spec.caddyImage", Expect.Find(node, "NodeHealthy")!.Message, StringComparison.Ordinal);
        await Kube.EditAsync<DeploymentNode>("edge", n => n.Spec.CaddyImage = "registry.test/caddy:3", Cancel);

        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public async Task A_document_that_Caddy_refuses_is_told_by_the_node_and_awaited_by_the_app()
    {
        await NodeAsync();
        Script.OnExec(call => call.Command is ["caddy", "reload", ..], _ => new ExecResult(1, "", "no such module"));

        await Kube.CreateAsync(A.App(), Cancel);

        var node = await Expect.ReasonAsync<DeploymentNode>("edge", ConfigInSync.DocumentRefused, Cancel);
        await Expect.ReasonAsync<ComposeApp>("shop", ComposeAppConditions.RoutesReady.AwaitingCaddy, Cancel);
        Assert.Contains("no such module", Expect.Find(node, "ConfigInSync")!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_in_trouble_is_named_and_the_node_stays_ready()
    {
        Script.Missing("registry.test/shop:1");
        await NodeAsync();

        await Kube.CreateAsync(A.App(), Cancel);

        var node = await Expect.ReasonAsync<DeploymentNode>("edge", AppsHealthy.SomeUnready, Cancel);
        Assert.Contains("shop", Expect.Find(node, "AppsHealthy")!.Message, StringComparison.Ordinal);
        Assert.Equal("True", Expect.Find(node, "Ready")?.Status);
    }

    [Fact]
    public async Task A_host_that_two_apps_want_is_named()
    {
        await ServedAsync();

        await Kube.CreateAsync(A.App("later").With(app => app.Spec.Routes[0].Host = $"shop.{A.Domain}"), Cancel);

        await Expect.ReasonAsync<ComposeApp>("later", ComposeAppConditions.RoutesReady.HostConflict, Cancel);
        await Expect.ReasonAsync<DeploymentNode>("edge", RoutesReady.HostConflict, Cancel);
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }
}
