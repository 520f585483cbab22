using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Rules.Policy;
using Sam.Simulators.GitHub;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>The GitHub App that status shows is the one whose signed JWTs GitHub gets, and no other.</summary>
public sealed class AppLayersTests(SharedCluster shared) : OperatorTest(shared)
{
    public static TheoryData<string, string, string> Layers =>
        new()
        {
            { "entry namespace platform", "Project", "entry" },
            { "namespace platform", "Namespace", "namespace" },
            { "platform", "Platform", "platform" },
            { "platform OwnOnly", "Unresolved", "" },
            { "entry-broken namespace platform", "Halted", "" },
            { "entry-missing namespace platform", "Halted", "" },
            { "namespace-disabled platform", "Halted", "" },
            { "namespace-broken platform", "Halted", "" },
            { "platform-disabled", "Halted", "" },
        };

    [Theory, MemberData(nameof(Layers))]
    public async Task The_App_that_is_shown_is_the_App_that_signs(string layers, string source, string signer)
    {
        var apps = ((string[])["entry", "namespace", "platform"]).ToDictionary(
            layer => layer,
            layer => Host.GitHub.Apps.Add($"app-{layer}")
        );
        var repository = Host.GitHub.Repositories.Add("acme", "shop");
        foreach (var app in apps.Values)
            Host.GitHub.Install(app, repository);
        Host.Policy = new PlatformPolicy
        {
            Rules =
            [
                new PolicyRule
                {
                    Name = "all",
                    Namespaces = ["*"],
                    Repositories = ["acme/*"],
                    PlatformCredentials = ["github"],
                },
            ],
        };
        foreach (var layer in layers.Split(' '))
            await PutAsync(layer, apps);
        await Kube.CreateAsync(Project(layers), Cancel);

        var project = await Expect.ThatAsync<Project>(
            "acme",
            seen => Expect.Find(seen, "RepositoryVerified") is not null && Shown(seen) == source,
            $"the App is shown as {source}",
            Cancel
        );

        if (signer.Length > 0)
            await Expect.ReasonAsync<Project>("acme", RepositoryVerified.Verified, Cancel);
        else
            Assert.NotEqual("True", Expect.Find(project, "RepositoryVerified")!.Status);
        Assert.Equal(
            signer.Length > 0 ? [apps[signer].Id] : [],
            Host.GitHub.Calls.Select(call => call.AppId).OfType<long>().Distinct()
        );
    }

    [Fact]
    public async Task A_key_that_is_not_the_Apps_is_refused_as_a_warning_and_as_a_condition()
    {
        var (app, other) = (Host.GitHub.Apps.Add("app"), Host.GitHub.Apps.Add("other"));
        Host.GitHub.Install(app, Host.GitHub.Repositories.Add("acme", "shop"));
        await Kube.CreateAsync(Secret("app", app.Id, other.PrivateKeyPem), Cancel);
        await Kube.CreateAsync(Project("entry"), Cancel);
        await Kube.EditAsync<Project>(
            "acme",
            project => project.Spec.Github = new GitHubSpec { AppSecretRef = new LocalReference { Name = "app" } },
            Cancel
        );

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.CredentialRefused, Cancel);
        await Expect.ReasonAsync<Project>("acme", RepositoryVerified.AppKeyInvalid, Cancel);
        Assert.Empty(Host.GitHub.Mints);

        await Kube.EditAsync<V1Secret>(
            "app",
            secret => secret.Data["privateKey"] = System.Text.Encoding.UTF8.GetBytes(app.PrivateKeyPem + "\n"),
            Cancel
        );
        await Expect.ReasonAsync<Project>("acme", CredentialsValid.Accepted, Cancel);
        await Expect.ReasonAsync<Project>("acme", RepositoryVerified.Verified, Cancel);
    }

    private static string Shown(Project project) =>
        project.Status.Credentials.FirstOrDefault(shown => shown.Consumer == "github")?.Source.ToString() ?? "Unresolved";

    private static Project Project(string layers) =>
        A.Project()
            .With(project => project.Spec.Repository = new RepositorySpec { Owner = "acme", Name = "shop" })
            .With(project =>
                project.Spec.CredentialPolicy = layers.Contains("OwnOnly", StringComparison.Ordinal)
                    ? CredentialPolicy.OwnOnly
                    : CredentialPolicy.AllowPlatform
            )
            .With(project =>
                project.Spec.Github = layers.Contains("entry", StringComparison.Ordinal)
                    ? new GitHubSpec { AppSecretRef = new LocalReference { Name = "app-entry" } }
                    : null
            );

    private async Task PutAsync(string layer, Dictionary<string, SimulatedApp> apps)
    {
        var parts = layer.Split('-');
        if (parts[0] == "OwnOnly" || parts.Contains("missing"))
            return;
        var app = apps[parts[0]];
        var secret = Secret($"app-{parts[0]}", app.Id, parts.Contains("broken") ? "no key" : app.PrivateKeyPem);
        if (parts[0] != "entry")
            secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = "github" };
        if (parts.Contains("disabled"))
            secret.Metadata.Labels[Names.Labels.Enabled] = "false";
        await (parts[0] == "platform" ? Host.System : Kube).CreateAsync(secret, Cancel);
    }

    private static V1Secret Secret(string name, long id, string key) =>
        A.Secret(name, ("appId", id.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("privateKey", key));
}
