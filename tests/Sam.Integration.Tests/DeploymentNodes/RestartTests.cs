using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.DeploymentNodes;

/// <summary>The operator is cut off in the middle and another one takes over: one server, one set of containers.</summary>
public sealed class RestartTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task Cut_off_before_anything_was_bought()
    {
        await ApplyAsync();
        await Host.RestartAsync(Cancel);

        await OneOfEverythingAsync();
    }

    [Fact]
    public async Task Cut_off_while_the_create_is_on_its_way()
    {
        Hetzner.Faults.Play(
            new HetznerFault(HetznerFaults.Slow)
            {
                Method = "POST",
                Path = "/servers",
                Count = 1,
                Delay = TimeSpan.FromSeconds(2),
            }
        );
        await ApplyAsync();
        await Poll.UntilAsync(
            async () => (await Kube.ListAsync<Machine>(Cancel)).Any(m => m.Status.Claim is not null),
            () => Task.FromResult("a claim"),
            Cancel
        );

        await Host.RestartAsync(Cancel);

        await OneOfEverythingAsync();
    }

    [Fact]
    public async Task Cut_off_after_a_create_whose_answer_was_lost()
    {
        Hetzner.Faults.Play(
            new HetznerFault(HetznerFaults.LostAnswer)
            {
                Method = "POST",
                Path = "/servers",
                Count = 1,
            }
        );
        await ApplyAsync();
        await Poll.UntilAsync(() => Hetzner.ServersCreated() == 1, "a server was bought", Cancel);

        await Host.RestartAsync(Cancel);

        await OneOfEverythingAsync();
    }

    [Fact]
    public async Task Cut_off_while_the_engine_boots()
    {
        Host.Engines.SilentAtFirst = true;
        await ApplyAsync();
        await Poll.UntilAsync(() => Host.Engines.Machines.Count == 1, "the engine was asked", Cancel);

        await Host.CrashAsync();
        Host.Engines.Engine(Host.Engines.Machines.Single()).ComeUp();
        await Host.RunAsync(Cancel);

        await OneOfEverythingAsync();
    }

    [Theory]
    [InlineData("EnsureNetwork")]
    [InlineData("CreateContainer")]
    [InlineData("StartContainer")]
    [InlineData("PutFile")]
    [InlineData("Exec")]
    [InlineData("PullImage")]
    [InlineData("Connect")]
    public async Task Cut_off_after_the_engine_did_something(string call)
    {
        Host.Engines.SilentAtFirst = true;
        await ApplyAsync();
        await Poll.UntilAsync(() => Host.Engines.Machines.Count == 1, "the engine was asked", Cancel);
        var engine = await EngineAsync();
        engine.Faults.LoseAnswer(call);
        engine.ComeUp();
        await Poll.UntilAsync(() => engine.CountOf(call) > 0, call, Cancel);

        await Host.RestartAsync(Cancel);

        await OneOfEverythingAsync();
    }

    [Fact]
    public async Task Cut_off_while_a_release_rolls_over()
    {
        await ApplyAsync();
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = A.Compose("registry.test/shop:2"), Cancel);
        await Expect.ConditionAsync<ComposeApp>("shop", "Applied", "False", "Applying", Cancel);

        await Host.RestartAsync(Cancel);

        await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == 2, "release 2", Cancel);
        await OneOfEverythingAsync();
    }

    [Fact]
    public async Task Cut_off_when_all_is_well_changes_nothing()
    {
        await ApplyAsync();
        var app = await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        var before = await ServingAsync(app);

        await Host.RestartAsync(Cancel);
        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.RevisionHistoryLimit = 3, Cancel);

        await OneOfEverythingAsync();
        Assert.Equal(before.Id, (await ServingAsync(app)).Id);
    }

    [Fact]
    public async Task Cut_off_while_everything_is_deleted()
    {
        await ApplyAsync();
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);

        await Kube.DeleteAsync<ComposeApp>("shop", Cancel);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Host.RestartAsync(Cancel);

        await Expect.GoneAsync<ComposeApp>("shop", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);
        Assert.Empty(Hetzner.Servers());
    }

    private async Task ApplyAsync()
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Kube.CreateAsync(A.App(), Cancel);
    }

    private async Task OneOfEverythingAsync()
    {
        var app = await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        var engine = await EngineAsync();

        Assert.Equal(1, Hetzner.ServersCreated());
        var all = await engine.ListContainersAsync(new Dictionary<string, string>(), Cancel);
        Assert.Equal(2, all.Count); // Caddy and the service
        Assert.All(all, container => Assert.Equal(ContainerState.Running, container.State));
        Assert.Equal((await ServingAsync(app)).Id, Assert.Single(await ContainersAsync(app)).Id);
        Assert.Single(await engine.ListNetworksAsync(Compose.Planning.EngineNames.AppLabels(app.Metadata.Uid), Cancel));
    }
}
