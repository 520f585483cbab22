using System.Globalization;
using System.Net.Http.Headers;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.Machines;

public sealed class ProvisionTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task The_second_offer_is_bought_when_the_first_has_no_capacity()
    {
        Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity) { Location = "fsn1" });

        await NodeAsync();

        var machine = await MachineAsync();
        Assert.Equal("nbg1", machine.Status.Location);
        Assert.Equal(
            [("fsn1", "resource_unavailable"), ("nbg1", "created")],
            machine.Status.Attempts.Select(a => (a.Location, a.Code))
        );
        Assert.Single(Hetzner.Servers());
    }

    [Fact]
    public async Task Its_first_hour_is_in_status_from_the_start_with_the_address()
    {
        await NodeAsync();

        var status = (await MachineAsync()).Status;
        await Poll.UntilAsync(
            async () => (await MachineAsync()).Status.AccruedCost is not null,
            () => Task.FromResult("a cost"),
            Cancel
        );

        // cx23 and its address with 19 % VAT, as the simulator's price list says.
        var hour = decimal.Parse(status.Price!.Hourly, CultureInfo.InvariantCulture);
        var address = decimal.Parse(status.Price.Ipv4Hourly, CultureInfo.InvariantCulture);
        Assert.True(hour > 0 && address > 0);
        Assert.Equal(hour + address, decimal.Parse((await MachineAsync()).Status.AccruedCost!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_machine_waits_while_no_offer_has_capacity()
    {
        Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Capacity));
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        await Poll.UntilAsync(
            async () => (await Kube.ListAsync<Machine>(Cancel)).Any(m => m.Status.Attempts.Count == 2),
            () => Task.FromResult("two attempts"),
            Cancel
        );
        var machine = await Expect.ConditionAsync<Machine>(
            (await MachineAsync()).Metadata.Name,
            "Provisioned",
            "False",
            "NoCapacity",
            Cancel
        );

        Assert.Null(Expect.Find(machine, "Stalled"));
        Assert.Equal("True", Expect.Find(machine, "Reconciling")?.Status);
        Assert.Null(machine.Status.Claim);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_adopted()
    {
        Hetzner.Faults.Play(
            new HetznerFault(HetznerFaults.LostAnswer)
            {
                Method = "POST",
                Path = "/servers",
                Count = 1,
            }
        );

        await NodeAsync();

        var machine = await MachineAsync();
        Assert.Equal(1, Hetzner.ServersCreated());
        Assert.Equal(Assert.Single(Hetzner.Servers()).Id, machine.Status.ServerId);
    }

    [Fact]
    public async Task A_node_that_is_deleted_after_a_lost_answer_leaves_no_server()
    {
        Hetzner.Faults.Play(
            new HetznerFault(HetznerFaults.LostAnswer)
            {
                Method = "POST",
                Path = "/servers",
                Count = 1,
            }
        );
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Poll.UntilAsync(() => Hetzner.ServersCreated() == 1, "a server was bought", Cancel);

        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        Assert.Empty(Hetzner.Servers());
        Assert.Equal(1, Hetzner.ServersCreated());
    }

    [Fact]
    public async Task A_node_that_is_deleted_while_its_machine_boots_leaves_no_server()
    {
        Host.Engines.SilentAtFirst = true;
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Poll.UntilAsync(() => Hetzner.Servers().Count == 1, "a server was bought", Cancel);
        await Expect.ConditionAsync<Machine>((await MachineAsync()).Metadata.Name, "Booted", "False", "AwaitingEngine", Cancel);

        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        Assert.Empty(Hetzner.Servers());
        Assert.Empty(await Kube.ListAsync<Machine>(Cancel));
    }

    [Fact]
    public async Task A_server_that_somebody_else_deleted_is_told_and_not_bought_again()
    {
        await NodeAsync();
        var machine = await MachineAsync();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            HetznerSimulatorOptions.DefaultToken
        );
        using var answer = await client.DeleteAsync(new Uri(Hetzner.Endpoint, $"servers/{machine.Status.ServerId}"), Cancel);
        answer.EnsureSuccessStatusCode();
        (await EngineAsync()).GoDown();

        var gone = await Expect.ConditionAsync<Machine>(machine.Metadata.Name, "Provisioned", "False", "ServerGone", Cancel);
        var node = await Expect.ConditionAsync<DeploymentNode>("edge", "NodeHealthy", "False", "MachineStalled", Cancel);

        Assert.Equal(MachinePhase.Failed, gone.Status.Phase);
        Assert.Contains("delete the Machine", Expect.Find(gone, "Provisioned")!.Message, StringComparison.Ordinal);
        Assert.Contains("ServerGone", Expect.Find(node, "NodeHealthy")!.Message, StringComparison.Ordinal);
        Assert.Equal(1, Hetzner.ServersCreated());
    }

    [Fact]
    public async Task A_silent_engine_is_unknown_and_comes_back()
    {
        await ServedAsync();
        var (machine, engine) = (await MachineAsync(), await EngineAsync());

        engine.GoDown();
        var silent = await Expect.ConditionAsync<Machine>(machine.Metadata.Name, "Reachable", "Unknown", "EngineSilent", Cancel);
        await Expect.ConditionAsync<DeploymentNode>("edge", "NodeHealthy", "Unknown", "EngineSilent", Cancel);
        engine.ComeUp();
        await Expect.ReadyAsync<Machine>(machine.Metadata.Name, Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);

        Assert.Equal(MachinePhase.Unreachable, silent.Status.Phase);
        Assert.Equal(1, Hetzner.ServersCreated());
    }

    [Fact]
    public async Task Retain_leaves_the_server_and_says_so()
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node().With(n => n.Spec.DeletionPolicy = DeletionPolicy.Retain), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);

        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        var server = Assert.Single(Hetzner.Servers());
        await Poll.UntilAsync(
            async () =>
                (await Kube.TextAsync<k8s.Models.Eventsv1Event>(Cancel)).Contains(
                    $"server {server.Id} ({server.Name}) stays",
                    StringComparison.Ordinal
                ),
            () => Task.FromResult("no event names the server"),
            Cancel
        );
    }
}
