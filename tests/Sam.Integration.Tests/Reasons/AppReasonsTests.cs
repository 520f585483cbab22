using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Integration.Tests.Reasons;

/// <summary>What a ComposeApp says of each trouble between its file and its end.</summary>
public sealed class AppReasonsTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task A_ConfigMap_that_is_missing_is_named_and_heals_once_it_is_there()
    {
        await NodeAsync();
        await Kube.CreateAsync(
            A.App()
                .With(app => app.Spec.Compose = null)
                .With(app =>
                    app.Spec.ComposeFrom = new ComposeSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "file" } }
                ),
            Cancel
        );

        await Expect.ReasonAsync<ComposeApp>("shop", ManifestValid.ConfigMapNotFound, Cancel);
        await Kube.CreateAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = "file" },
                Data = new Dictionary<string, string> { ["compose.yaml"] = A.Compose("registry.test/shop:1") },
            },
            Cancel
        );

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_asked_again()
    {
        Script.Refuse("registry.test/shop:1", EngineErrorKind.RegistryUnreachable);
        await NodeAsync();

        await Kube.CreateAsync(A.App(), Cancel);
        await Expect.ReasonAsync<ComposeApp>("shop", ImagesResolved.RegistryUnreachable, Cancel);
        Script.Refuse("registry.test/shop:1", null);

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_release_whose_Secret_is_gone_stalls_and_what_runs_is_left()
    {
        var app = await ServedAsync();
        var before = await ServingAsync(app);

        await Kube.DeleteAsync<V1Secret>("shop-release-1", Cancel);
        // What a running operator read once it keeps; another one finds the Secret gone.
        await Host.RestartAsync(Cancel);
        await LookAsync();
        await Expect.ReasonAsync<ComposeApp>("shop", Applied.ReleaseLost, Cancel);
        await Expect.ReasonAsync<ComposeApp>("shop", Healthy.AwaitingHealth, Cancel);
        Assert.Equal(before.Id, (await ServingAsync(app)).Id);
        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = A.Compose("registry.test/shop:2"), Cancel);

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_container_that_comes_back_sick_is_told_and_repaired()
    {
        var app = await ServedAsync();
        Script.Image(
            "registry.test/shop:1",
            new ImageScript { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromMinutes(5) },
            Script.DigestOf("registry.test/shop:1")
        );
        var engine = await EngineAsync();

        await engine.RemoveContainerAsync((await ServingAsync(app)).Id, Cancel);
        await LookAsync();

        var sick = await Expect.ReasonAsync<ComposeApp>("shop", Healthy.ServiceUnhealthy, Cancel);
        await Expect.ReasonAsync<ComposeApp>("shop", InSync.Repairing, Cancel);
        Assert.Equal("True", Expect.Find(sick, "Applied")?.Status);
    }

    [Fact]
    public async Task An_app_that_is_removed_slowly_says_what_is_left()
    {
        await ServedAsync();
        (await EngineAsync()).Faults.Slow("ListContainers", TimeSpan.FromSeconds(3));

        await Kube.DeleteAsync<ComposeApp>("shop", Cancel);

        await Expect.ReasonAsync<ComposeApp>("shop", Applied.TearingDown, Cancel);
        await Expect.GoneAsync<ComposeApp>("shop", Cancel);
    }

    /// <summary>What changed outside Kubernetes is seen at the next look; a touch brings it forward.</summary>
    private Task LookAsync() =>
        Kube.EditAsync<ComposeApp>(
            "shop",
            app => app.Metadata.Annotations = new Dictionary<string, string> { ["look"] = "now" },
            Cancel
        );
}
