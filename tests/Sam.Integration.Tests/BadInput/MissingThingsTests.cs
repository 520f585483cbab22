using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.BadInput;

/// <summary>Something is missing or refused outside: typed reason, the way out, and it heals by itself once that is done.</summary>
public sealed class MissingThingsTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task An_image_that_does_not_exist_is_named_and_heals_once_it_is_pushed()
    {
        Script.Missing("registry.test/shop:1");
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(A.App(), Cancel);
        await RefusedAsync("shop", "ImagesResolved", "ImageNotFound", "spec.compose.services.web.image", "registry.test/shop:1");
        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
        Script.Refuse("registry.test/shop:1", null);

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_container_that_never_turns_healthy_fails_its_app_only()
    {
        Script.Image("registry.test/shop:1", new ImageScript { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromMinutes(5) });
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(A.App().With(a => a.Spec.HealthTimeout = Sam.Crds.Duration.Parse("5s")), Cancel);
        await RefusedAsync("shop", "Applied", "FailedInitial", "services.web", "spec.healthTimeout");

        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public async Task A_container_that_ends_again_and_again_fails_its_app_only()
    {
        Script.Image("registry.test/shop:1", new ImageScript { ExitsAfter = TimeSpan.FromMilliseconds(50), ExitCode = 3 });
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(A.App(), Cancel);
        await RefusedAsync("shop", "Applied", "FailedInitial", "services.web", "exit code 3");

        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
    }

    [Fact]
    public async Task A_secret_that_is_missing_in_envFrom_is_named_and_heals_once_it_is_there()
    {
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(
            A.App().With(a => a.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "settings" } }]),
            Cancel
        );
        await RefusedAsync(
            "shop",
            "ManifestValid",
            "SecretNotFound",
            "spec.envFrom[0].secretRef",
            "Secret settings",
            "create it"
        );
        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
        await Kube.CreateAsync(A.Secret("settings", ("COLOUR", "blue")), Cancel);

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_token_that_the_provider_refuses_is_told_and_heals_once_it_is_replaced()
    {
        Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        var node = await Expect.ConditionAsync<DeploymentNode>("edge", "ProviderManageable", "False", "TokenRefused", Cancel);
        Assert.NotEqual("True", Expect.Find(node, "Ready")?.Status);
        var fresh = new string('f', 64);
        Hetzner.Know(new SimulatedToken(fresh, "default"));
        await Kube.EditAsync<V1Secret>(A.TokenSecret, s => s.Data["token"] = System.Text.Encoding.UTF8.GetBytes(fresh), Cancel);

        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        Assert.Single(Hetzner.Servers());
    }

    [Fact]
    public async Task A_token_that_is_missing_is_named_and_heals_once_it_is_there()
    {
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        var node = await Expect.ConditionAsync<DeploymentNode>("edge", "ProviderManageable", "False", "TokenMissing", Cancel);
        Assert.Contains(A.TokenSecret, Expect.Find(node, "ProviderManageable")!.Message, StringComparison.Ordinal);
        await Expect.ConditionAsync<Project>("acme", "CredentialsResolved", "False", "SecretNotFound", Cancel);
        await Kube.CreateAsync(A.Secret(A.TokenSecret, ("token", HetznerSimulatorOptions.DefaultToken)), Cancel);

        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public async Task A_project_that_is_missing_is_named_and_heals_once_it_is_there()
    {
        await Kube.CreateAsync(A.Node(), Cancel);

        var node = await Expect.ConditionAsync<DeploymentNode>("edge", "ProviderManageable", "False", "ProjectNotFound", Cancel);
        Assert.Contains("Project acme", Expect.Find(node, "ProviderManageable")!.Message, StringComparison.Ordinal);
        Assert.Empty(Hetzner.Servers());
        await Kube.CreateAsync(A.Project(), Cancel);

        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public async Task A_node_that_is_missing_is_named_and_heals_once_it_is_there()
    {
        await Kube.CreateAsync(A.App(), Cancel);

        await RefusedAsync("shop", "ManifestValid", "NodeNotFound", "spec.nodeRef", "DeploymentNode edge", "create it");
        await NodeAsync();

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_registry_login_that_is_missing_is_named()
    {
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(
            A.App().With(a => a.Spec.Registry = new RegistrySpec { SecretRef = new LocalReference { Name = "login" } }),
            Cancel
        );

        await RefusedAsync(
            "shop",
            "ImagesResolved",
            "RegistryUnauthorized",
            "spec.registry.secretRef",
            "Secret login",
            "create it"
        );
        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
    }

    [Fact]
    public async Task A_registry_that_refuses_the_login_is_named()
    {
        Script.Refuse("registry.test/shop:1", EngineErrorKind.RegistryUnauthorized);
        await NodeAsync();

        await Kube.CreateAsync(A.App(), Cancel);

        await RefusedAsync("shop", "ImagesResolved", "RegistryUnauthorized", "spec.compose.services.web.image");
    }
}
