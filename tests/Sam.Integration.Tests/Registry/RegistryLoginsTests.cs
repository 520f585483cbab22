using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Logins;
using Sam.Testing;

namespace Sam.Integration.Tests.Registry;

/// <summary>Logins against a real API: who somebody is and what they may is the API server's word, and nothing of it is kept.</summary>
public sealed class RegistryLoginsTests(SharedCluster shared) : RegistryTest(shared)
{
    [Fact]
    public async Task Roles_in_the_repositorys_namespace_decide_and_are_asked_each_time()
    {
        var token = await AccountAsync("anna", "sam-registry");
        string[] scopes =
        [
            $"repository:{Home}/app:push,pull",
            $"repository:{Home}/tools/cli:pull",
            "repository:default/app:pull",
        ];
        Assert.Equal("", (await AskAsync(token, scopes)).Access);

        await AllowAsync("anna", ["app"], "get", "update");
        await AccessAsync($"{Home}/app: pull,push", token, scopes);
        await AllowAsync("anna", null, "get");
        await AccessAsync($"{Home}/app: pull,push|{Home}/tools/cli: pull", token, scopes);

        foreach (var binding in await Host.Kube.ListAsync<V1RoleBinding>(Cancel))
            await Host.Kube.DeleteAsync<V1RoleBinding>(binding.Metadata.Name, Cancel);
        await AccessAsync("", token, scopes);
    }

    [Fact]
    public async Task A_token_for_another_audience_is_no_login_nor_is_one_whose_account_is_gone()
    {
        var good = await AccountAsync("anna", "sam-registry");
        var other = await AccountAsync("anna", "sam-elsewhere");
        await AllowAsync("anna", null, "get");

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(other)).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(good + "x")).Code);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(good)).Code);
        await Host.Kube.DeleteAsync<V1ServiceAccount>("anna", Cancel);
        await Poll.UntilAsync(
            async () => (await AskAsync(good)).Code == HttpStatusCode.Unauthorized,
            () => Task.FromResult("the account is gone and its token goes on"),
            Cancel
        );
    }

    [Fact]
    public async Task A_mint_is_an_event_at_the_account_and_no_byte_of_it_is_logged()
    {
        var login = await AccountAsync("anna", "sam-registry");
        await AllowAsync("anna", null, "get");

        var token = (await AskAsync(login, $"repository:{Home}/app:pull")).Body["token"]!.GetValue<string>();

        await Poll.UntilAsync(
            async () =>
                (await Host.Kube.TextAsync<Eventsv1Event>(Cancel)).Contains("RegistryTokenMinted", StringComparison.Ordinal),
            () => Task.FromResult("no event tells of the mint"),
            Cancel
        );
        var events = await Host.Kube.TextAsync<Eventsv1Event>(Cancel);
        Assert.Contains($"pull on {Home}/app until", events, StringComparison.Ordinal);
        foreach (var secret in (string[])[login.Split('.')[2], token.Split('.')[2]])
        {
            Assert.DoesNotContain(secret, events, StringComparison.Ordinal);
            Assert.DoesNotContain(Host.Logs.All, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_pull_Secrets_login_ends_with_its_entry_and_with_its_Project()
    {
        var project = await ProjectAsync("shop");
        var password = await PasswordAsync(project);
        string[] scopes = [$"repository:{Home}/app:pull,push", $"repository:{Home}/other:pull"];
        Assert.Equal($"{Home}/app: pull", (await AskAsync(password, scopes)).Access);

        await Host.Kube.EditAsync<Project>("shop", p => p.Spec.TokenSecrets = [], Cancel);

        await Poll.UntilAsync(
            async () => (await AskAsync(password, scopes)).Code == HttpStatusCode.Unauthorized,
            () => Task.FromResult("the entry is gone and its login goes on"),
            Cancel
        );
    }

    [Fact]
    public async Task A_rotation_that_is_asked_for_publishes_a_second_key_and_old_logins_go_on()
    {
        var project = await ProjectAsync("shop");
        var password = await PasswordAsync(project);

        await Host.System.EditAsync<V1Secret>(
            KeySecret.Name,
            secret => secret.Metadata.Annotations = new Dictionary<string, string> { [Names.Annotations.Rotate] = "now" },
            Cancel
        );
        await Poll.UntilAsync(
            async () =>
                JsonNode.Parse((await Host.System.GetAsync<V1ConfigMap>(TrustMap.Name, Cancel)).Data[TrustMap.JwksFile])!["keys"]!
                    .AsArray()
                    .Count == 2,
            () => Task.FromResult("no second key was published"),
            Cancel
        );

        Assert.Equal($"{Home}/app: pull", (await AskAsync(password, $"repository:{Home}/app:pull")).Access);
    }

    /// <summary>A real API server learns of roles from a watch of its own: they hold a moment later.</summary>
    private Task AccessAsync(string expected, string token, string[] scopes) =>
        Poll.UntilAsync(
            async () => (await AskAsync(token, scopes)).Access == expected,
            async () => $"allowed is '{(await AskAsync(token, scopes)).Access}' instead of '{expected}'",
            Cancel
        );

    private Task<Project> ProjectAsync(string name) =>
        Host.Kube.CreateAsync(
            A.Project(name)
                .With(p =>
                    p.Spec.TokenSecrets = [
                        new TokenSecretSpec
                        {
                            Name = "pull",
                            Kind = TokenSecretKind.RegistryPullSecret,
                            Registry = Registry,
                            Repositories = [$"{Home}/app"],
                        },
                    ]
                ),
            Cancel
        );

    /// <summary>The password of a pull Secret, once the operator has seen the Project.</summary>
    private async Task<string> PasswordAsync(Project project)
    {
        var made = Assert.IsType<PullSecretOutcome.Made>(
            await Host.Service<IRegistryLogins>()
                .MakeAsync(new PullSecretRequest(project, "pull", Registry, [$"{Home}/app"], TimeSpan.FromMinutes(30)), Cancel)
        );
        var entry = JsonNode.Parse(Encoding.UTF8.GetString(made.DockerConfigJson))!["auths"]![Registry]!;
        var password = entry["password"]!.GetValue<string>();
        await Poll.UntilAsync(
            async () => (await AskAsync(password)).Code == HttpStatusCode.OK,
            () => Task.FromResult("the Project is not seen"),
            Cancel
        );
        return password;
    }
}
