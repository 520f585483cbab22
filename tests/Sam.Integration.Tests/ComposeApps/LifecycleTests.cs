using k8s.Models;
using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Testing;

namespace Sam.Integration.Tests.ComposeApps;

public sealed class LifecycleTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task An_app_is_applied_served_and_deleted_without_a_trace()
    {
        var compose = A.Compose("registry.test/shop:1", "    volumes: [data:/data]") + "\nvolumes: {data: {}}";
        var app = await ServedAsync(A.App().With(a => a.Spec.Compose = compose));
        var (engine, machine) = (await EngineAsync(), await MachineAsync());
        var labels = EngineNames.AppLabels(app.Metadata.Uid);
        Assert.Single(Hetzner.Servers());
        Assert.Single(await engine.ListContainersAsync(labels, Cancel));
        Assert.Single(await engine.ListNetworksAsync(labels, Cancel));
        Assert.Single(await engine.ListVolumesAsync(labels, Cancel));
        Assert.NotNull(await Kube.FindAsync<V1Secret>("shop-release-1", Cancel));
        Assert.NotNull(await Host.System.FindAsync<V1Secret>($"machine-{machine.Spec.MachineId}", Cancel));

        await Kube.DeleteAsync<ComposeApp>("shop", Cancel);
        await Expect.GoneAsync<ComposeApp>("shop", Cancel);
        Assert.Empty(await engine.ListContainersAsync(labels, Cancel));
        Assert.Empty(await engine.ListNetworksAsync(labels, Cancel));
        Assert.Empty(await engine.ListVolumesAsync(labels, Cancel));
        Assert.DoesNotContain(await Kube.ListAsync<V1Secret>(Cancel), secret => secret.Type == Names.ReleaseSecretType);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        Assert.Empty(Hetzner.Servers());
        Assert.Empty(await Kube.ListAsync<Machine>(Cancel));
        Assert.DoesNotContain(
            await Host.System.ListAsync<V1Secret>(Cancel),
            secret => secret.Metadata.Name.StartsWith("machine-")
        );
    }

    [Fact]
    public async Task A_node_that_is_deleted_takes_its_apps_effects_with_it()
    {
        await ServedAsync();

        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);
        await Kube.DeleteAsync<ComposeApp>("shop", Cancel);
        await Expect.GoneAsync<ComposeApp>("shop", Cancel);

        Assert.Empty(Hetzner.Servers());
    }

    [Fact]
    public async Task Everything_is_deleted_at_once_and_nothing_is_left()
    {
        await ServedAsync();

        await Kube.DeleteAsync<Project>("acme", Cancel);
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Kube.DeleteAsync<ComposeApp>("shop", Cancel);
        await Expect.GoneAsync<ComposeApp>("shop", Cancel);
        await Expect.GoneAsync<DeploymentNode>("edge", Cancel);

        Assert.Empty(Hetzner.Servers());
        Assert.DoesNotContain(
            await Host.System.ListAsync<V1Secret>(Cancel),
            secret => secret.Metadata.Name.StartsWith("machine-")
        );
    }

    [Fact]
    public async Task A_container_that_somebody_removed_comes_back()
    {
        var app = await ServedAsync();
        var engine = await EngineAsync();
        var before = await ServingAsync(app);

        await engine.RemoveContainerAsync(before.Id, Cancel);
        // Drift makes no change in Kubernetes; the next look is brought forward as a user would.
        await Kube.EditAsync<ComposeApp>(
            "shop",
            a => a.Metadata.Annotations = new Dictionary<string, string> { ["look"] = "now" },
            Cancel
        );
        await Poll.UntilAsync(
            async () => (await ContainersAsync(app)).Any(container => container.Networks.ContainsKey(EngineNames.EdgeNetwork)),
            () => Task.FromResult("the container is not back"),
            Cancel
        );

        Assert.NotEqual(before.Id, (await ServingAsync(app)).Id);
    }
}
