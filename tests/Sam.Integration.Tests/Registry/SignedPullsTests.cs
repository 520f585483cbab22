using System.Text;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Registry.Tokens;
using Sam.Testing;

namespace Sam.Integration.Tests.Registry;

/// <summary>An app's images are pulled with SAM's own tokens where the registry trusts its key, and with nothing of it anywhere else.</summary>
public sealed class SignedPullsTests(SharedCluster shared) : RegistryTest(shared)
{
    [Fact]
    public async Task A_node_gets_a_token_to_pull_one_repository_and_the_app_tells_of_it()
    {
        await NodeAsync();

        await AppAsync(A.App().With(a => a.Spec.Compose = A.Compose($"{Registry}/{Home}/shop:1")));

        var (reference, login) = Assert.Single(
            await PullsAsync(),
            pull => pull.Reference.Contains(Home, StringComparison.Ordinal)
        );
        Assert.StartsWith($"{Registry}/{Home}/shop@sha256:", reference, StringComparison.Ordinal);
        Assert.Equal((Registry, null, null), (login!.Server, login.Username, login.Password));
        var claims = JsonWebToken.Peek(login.RegistryToken!)!;
        Assert.Equal($$"""[{"type":"repository","name":"{{Home}}/shop","actions":["pull"]}]""", claims["access"]!.ToJsonString());
        Assert.Equal($"composeapp:{Home}/shop@edge/{Home}/shop", claims["sub"]!.GetValue<string>());
        await Poll.UntilAsync(
            async () =>
                (await Host.Kube.TextAsync<Eventsv1Event>(Cancel)).Contains("RegistryTokenMinted", StringComparison.Ordinal),
            () => Task.FromResult("no event tells of the mint"),
            Cancel
        );
        Assert.DoesNotContain(Host.Logs.All, line => line.Contains(login.RegistryToken!.Split('.')[2], StringComparison.Ordinal));
        // Resolved and pulled with one token.
        Assert.Single(Host.Logs.All, line => line.Contains("Minted a registry token for composeapp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_of_another_namespace_is_refused_with_the_reason()
    {
        await NodeAsync();

        await Host.Kube.CreateAsync(A.App().With(a => a.Spec.Compose = A.Compose($"{Registry}/other/shop:1")), Cancel);

        await Host.Expect.ThatAsync<ComposeApp>(
            "shop",
            app =>
                app.Status.Conditions.Any(condition =>
                    condition.Reason == "RegistryUnauthorized"
                    && condition.Message.Contains($"belongs to namespace other, not to {Home}", StringComparison.Ordinal)
                ),
            "refused",
            Cancel
        );
    }

    [Fact]
    public async Task The_users_own_login_goes_before_it_and_other_hosts_get_none()
    {
        await NodeAsync();
        var login = Convert.ToBase64String("anna:hers"u8);
        await Host.Kube.CreateAsync(
            new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = "login" },
                Type = "kubernetes.io/dockerconfigjson",
                Data = new Dictionary<string, byte[]>
                {
                    [".dockerconfigjson"] = Encoding.UTF8.GetBytes($$"""{"auths": {"{{Registry}}": {"auth": "{{login}}"} } }"""),
                },
            },
            Cancel
        );

        await AppAsync(
            A.App()
                .With(a => a.Spec.Compose = A.Compose($"{Registry}/{Home}/shop:1"))
                .With(a => a.Spec.Registry = new RegistrySpec { SecretRef = new LocalReference { Name = "login" } })
        );
        await AppAsync(A.App("blog").With(a => a.Spec.Compose = A.Compose($"elsewhere.test/{Home}/blog:1")));

        var pulls = await PullsAsync();
        Assert.Equal("anna", Assert.Single(pulls, p => p.Reference.Contains("/shop@", StringComparison.Ordinal)).Login!.Username);
        Assert.Null(Assert.Single(pulls, p => p.Reference.Contains("/blog@", StringComparison.Ordinal)).Login);
        Assert.DoesNotContain(Host.Logs.All, line => line.Contains("Minted a registry token", StringComparison.Ordinal));
    }

    private async Task NodeAsync()
    {
        await Host.Kube.CreateAsync(A.Project(), Cancel);
        await Host.Kube.CreateAsync(A.Node().With(n => n.Spec.CaddyImage = "caddy.test/caddy:2"), Cancel);
        await Host.Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    private async Task AppAsync(ComposeApp app)
    {
        await Host.Kube.CreateAsync(app, Cancel);
        await Host.Expect.ReadyAsync<ComposeApp>(app.Metadata.Name, Cancel);
    }

    private async Task<IReadOnlyList<(string Reference, Sam.Operator.Clients.Docker.RegistryLogin? Login)>> PullsAsync() =>
        Host.Engines.Engine(Assert.Single(await Host.Kube.ListAsync<Machine>(Cancel)).Spec.MachineId).Pulls;
}
