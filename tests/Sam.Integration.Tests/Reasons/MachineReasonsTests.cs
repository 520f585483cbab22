using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.MachineConditions;

namespace Sam.Integration.Tests.Reasons;

/// <summary>What a Machine says of each trouble between the purchase and the delete.</summary>
public sealed class MachineReasonsTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task An_account_at_its_limit_waits_and_says_so()
    {
        Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Quota));

        var machine = await BuyAsync();

        await Expect.ReasonAsync<Machine>(machine, Provisioned.QuotaExceeded, Cancel);
        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task A_spec_that_the_provider_cannot_build_stalls()
    {
        Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Placement));

        var machine = await BuyAsync();

        var stalled = await Expect.ReasonAsync<Machine>(machine, Provisioned.RequestRejected, Cancel);
        Assert.Equal("True", Expect.Find(stalled, "Stalled")?.Status);
    }

    [Fact]
    public async Task A_price_that_nothing_meets_stalls()
    {
        var machine = await BuyAsync(node => node.Spec.Cloud = new CloudSpec { MaxHourlyPrice = "0.0001" });

        var stalled = await Expect.ReasonAsync<Machine>(machine, Provisioned.NoOffer, Cancel);

        Assert.Equal("True", Expect.Find(stalled, "Stalled")?.Status);
        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task A_name_that_belongs_to_somebody_elses_server_is_never_adopted()
    {
        using var client = Client();
        using var answer = await client.PostAsJsonAsync(
            new Uri(Hetzner.Endpoint, "servers"),
            new
            {
                name = "sam-abcdefabcdef",
                server_type = "cx23",
                image = "docker-ce",
                location = "fsn1",
            },
            Cancel
        );
        answer.EnsureSuccessStatusCode();
        await Kube.CreateAsync(A.Project(), Cancel);

        await Kube.CreateAsync(AMachine("abcdefabcdef"), Cancel);
        var machine = await Expect.ReasonAsync<Machine>("mine", Provisioned.NameTaken, Cancel);

        Assert.Null(machine.Status.ServerId);
        Assert.Single(Hetzner.Servers());
    }

    [Fact]
    public async Task A_server_that_somebody_switched_off_is_switched_on_again()
    {
        await NodeAsync();
        var machine = await MachineAsync();
        using var client = Client();
        using var answer = await client.PostAsync(
            new Uri(Hetzner.Endpoint, $"servers/{machine.Status.ServerId}/actions/poweroff"),
            null,
            Cancel
        );
        answer.EnsureSuccessStatusCode();
        (await EngineAsync()).GoDown();

        // Seen and mended in one breath, so that only the event remains.
        await EventAsync(Provisioned.ServerOff, machine.Metadata.Name);
        (await EngineAsync()).ComeUp();

        await Expect.ReadyAsync<Machine>(machine.Metadata.Name, Cancel);
    }

    [Fact]
    public async Task An_engine_that_shows_another_key_is_sent_nothing()
    {
        Host.Engines.SilentAtFirst = true;
        var name = await BuyAsync();
        await Expect.ReasonAsync<Machine>(name, Booted.AwaitingEngine, Cancel);
        var engine = await EngineAsync();
        engine.Faults.Fail("Info", EngineErrorKind.IdentityRefused, times: 1000);

        engine.ComeUp();
        await Expect.ReasonAsync<Machine>(name, Booted.WrongKey, Cancel);

        Assert.Equal(0, engine.CountOf("CreateContainer"));
    }

    [Fact]
    public async Task A_boot_that_takes_too_long_stalls_and_is_taken_when_it_comes()
    {
        await Host.CrashAsync();
        (Host.BootDeadline, Host.Engines.SilentAtFirst) = (TimeSpan.FromSeconds(1), true);
        await Host.RunAsync(Cancel);
        var name = await BuyAsync();

        var late = await Expect.ReasonAsync<Machine>(name, Booted.BootTimedOut, Cancel);
        Assert.Equal("True", Expect.Find(late, "Stalled")?.Status);
        (await EngineAsync()).ComeUp();

        await Expect.ReadyAsync<Machine>(name, Cancel);
    }

    [Fact]
    public async Task A_delete_that_the_provider_holds_up_names_the_server_that_is_left()
    {
        await NodeAsync();
        var machine = await MachineAsync();
        Hetzner.Faults.Play(new HetznerFault(HetznerFaults.Locked));

        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        var deleting = await Expect.ReasonAsync<Machine>(machine.Metadata.Name, Provisioned.ServerDeleting, Cancel);
        var node = await Expect.ReasonAsync<DeploymentNode>("edge", DeploymentNodeConditions.NodeHealthy.MachineDeleting, Cancel);
        Hetzner.Faults.Stop();
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        Assert.Contains($"{machine.Status.ServerId}", Expect.Find(deleting, "Provisioned")!.Message, StringComparison.Ordinal);
        Assert.Contains(machine.Metadata.Name, Expect.Find(node, "NodeHealthy")!.Message, StringComparison.Ordinal);
        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task A_server_of_ours_that_has_no_address_yet_is_adopted_and_waited_for()
    {
        await BoughtAsync("abcdefabcdef", Encoding.UTF8.GetString((await InstallationAsync()).Data["id"]));
        await Kube.CreateAsync(A.Project(), Cancel);

        await Kube.CreateAsync(AMachine("abcdefabcdef"), Cancel);

        var machine = await Expect.ReasonAsync<Machine>("mine", Provisioned.ServerCreating, Cancel);
        Assert.Equal(Assert.Single(Hetzner.Servers()).Id, machine.Status.ServerId);
    }

    [Fact]
    public async Task A_machine_without_a_project_or_a_token_buys_nothing_and_says_which()
    {
        await Kube.CreateAsync(AMachine("abcdefabcdef"), Cancel);
        await Expect.ReasonAsync<Machine>("mine", CredentialsReady.ProjectNotFound, Cancel);
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);

        await Kube.CreateAsync(A.Project(), Cancel);
        await Expect.ReasonAsync<Machine>("mine", CredentialsReady.TokenMissing, Cancel);

        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task A_token_that_the_provider_refuses_is_told_on_the_machine()
    {
        Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);
        await Kube.CreateAsync(A.Project(), Cancel);

        await Kube.CreateAsync(AMachine("abcdefabcdef"), Cancel);

        await Expect.ReasonAsync<Machine>("mine", Provisioned.TokenRefused, Cancel);
    }

    private Task EventAsync(Reason reason, string about) =>
        Poll.UntilAsync(
            async () =>
                (await Kube.ListAsync<Eventsv1Event>(Cancel)).Any(e => e.Reason == reason.Name && e.Regarding.Name == about),
            () => Task.FromResult($"no event {reason} on {about}"),
            Cancel
        );

    private Task<V1Secret> InstallationAsync() => Host.System.GetAsync<V1Secret>("sam-installation", Cancel);

    /// <summary>A server as the operator would have bought it, without an IPv4 address.</summary>
    private async Task BoughtAsync(string machineId, string installation)
    {
        using var client = Client();
        using var answer = await client.PostAsJsonAsync(
            new Uri(Hetzner.Endpoint, "servers"),
            new Dictionary<string, object>
            {
                ["name"] = $"sam-{machineId}",
                ["server_type"] = "cx23",
                ["image"] = "docker-ce",
                ["location"] = "fsn1",
                ["public_net"] = new { enable_ipv4 = false, enable_ipv6 = true },
                ["labels"] = new Dictionary<string, string>
                {
                    [Names.ServerLabels.ManagedBy] = "sam",
                    [Names.ServerLabels.Installation] = installation,
                    [Names.ServerLabels.Machine] = machineId,
                    [Names.ServerLabels.Role] = "deployment",
                },
            },
            Cancel
        );
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks for a node; the name of the Machine that is made for it.</summary>
    private async Task<string> BuyAsync(Action<DeploymentNode>? change = null)
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node().With(change ?? (_ => { })), Cancel);
        await Poll.UntilAsync(
            async () => (await Kube.ListAsync<Machine>(Cancel)).Count == 1,
            () => Task.FromResult("no Machine"),
            Cancel
        );
        return (await MachineAsync()).Metadata.Name;
    }

    private static Machine AMachine(string id) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = "mine" },
            Spec = new MachineSpec
            {
                MachineId = id,
                Role = MachineRole.Deployment,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = "cx23", Location = "fsn1" }],
            },
        };

    private static HttpClient Client()
    {
        var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            HetznerSimulatorOptions.DefaultToken
        );
        return client;
    }
}
