using System.Globalization;
using System.Text;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.GitHub;
using Sam.Integration.Tests.Kit;
using Sam.Simulators.GitHub;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.Projects;

/// <summary>A real git works with the token that SAM keeps, as far as its scope goes; and no byte of it, or of any key, is anywhere but in Secrets.</summary>
public sealed class NothingLeaksTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly SimulatedRepositoryOptions s_git = new() { Git = true };
    private static readonly char[] s_lines = ['\n', '\r'];

    [Fact]
    public async Task Git_clones_and_pushes_in_scope_only_and_the_token_ends_with_its_Project()
    {
        Assert.SkipUnless(GitCommandLine.IsInstalled, "git is not installed (Debian package git)");
        await ProjectAsync();
        using var git = new GitCommandLine();
        var token = await TokenAsync();

        var inside = await git.RunAsync(token, "clone", "-q", Url("acme/shop.git"), "shop");
        await git.CommitAsync("shop", "src/app.txt", "hello");
        var push = await git.RunAsync(token, "-C", "shop", "push", "origin", "HEAD:refs/heads/feature");
        var outside = await git.RunAsync(token, "clone", "-q", Url("acme/other.git"), "other");
        await Kube.DeleteAsync<Project>("acme", Cancel);
        await Poll.UntilAsync(
            async () => await Kube.FindAsync<Project>("acme", Cancel) is null,
            () => Task.FromResult("the Project is gone"),
            Cancel
        );
        var after = await git.RunAsync(token, "clone", "-q", Url("acme/shop.git"), "again");

        Assert.True(inside.Status == 0, inside.Text);
        Assert.True(push.Status == 0, push.Text);
        Assert.NotEqual(0, outside.Status);
        Assert.NotEqual(0, after.Status);
        Assert.Empty(Host.GitHub.LiveTokens());
    }

    [Fact]
    public async Task No_byte_of_a_token_or_a_key_is_in_a_log_an_event_an_object_or_an_argument()
    {
        var key = await ProjectAsync();
        await Kube.CreateAsync(A.Node(), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        await Kube.EditAsync<Project>("acme", project => project.Spec.TokenSecrets![0].Permissions = null, Cancel);
        await Poll.UntilAsync(() => Task.FromResult(Host.GitHub.Mints.Count > 2), () => Task.FromResult("another mint"), Cancel);

        var seen = await SeenAsync();
        var secrets = Host
            .GitHub.Mints.Select(mint => mint.Token)
            .Append(HetznerSimulatorOptions.DefaultToken)
            .Concat(key.Split(s_lines).Where(line => line.Length > 40 && !line.StartsWith('-')));

        Assert.All(secrets, secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
        // The journal, the copy and the user's own Secrets are where they are; the search itself would find one.
        Assert.Contains(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(HetznerSimulatorOptions.DefaultToken)),
            await System.TextAsync<V1Secret>(Cancel),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task No_value_that_an_app_is_given_is_in_a_log_an_event_an_object_or_an_argument()
    {
        string[] planted = ["plant-variable-71c0", "plant-file-82d1", "plant-named-93e2", "plant-label-a4f3"];
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Kube.CreateAsync(A.Secret("vars", ("PASSWORD", planted[0]), ("LABEL", planted[3])), Cancel);
        await Kube.CreateAsync(A.Secret("files", ("conf", planted[1])), Cancel);
        await Kube.CreateAsync(A.Secret("named", ("value", planted[2])), Cancel);
        await Kube.CreateAsync(
            A.App()
                .With(app =>
                {
                    app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "vars" } }];
                    app.Spec.Files =
                    [
                        new ComposeFile
                        {
                            Path = "./conf",
                            SecretKeyRef = new SecretKeyReference { Name = "files", Key = "conf" },
                        },
                    ];
                    app.Spec.Compose = A.Compose(
                        "registry.test/shop:1",
                        "    environment: {PASSWORD: \"${PASSWORD}\"}\n    labels: {note: \"${LABEL}\"}\n"
                            + "    secrets: [one, two]\n    configs: [conf]\n"
                            + "secrets: {one: {environment: PASSWORD}, two: {external: true, name: named/value}}\n"
                            + "configs: {conf: {file: ./conf}}\n"
                    );
                }),
            Cancel
        );
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        // A value where a number is needed: what is wrong with it is told without the value.
        await Kube.EditAsync<ComposeApp>(
            "shop",
            app =>
                app.Spec.Compose = A.Compose(
                    "registry.test/shop:2",
                    "    mem_limit: \"${PASSWORD}\"\n    cap_add: [\"${LABEL}\"]\n"
                ),
            Cancel
        );
        await Expect.ReasonAsync<ComposeApp>("shop", ComposeAppConditions.ManifestValid.ComposeInvalid, Cancel);

        var seen = await SeenAsync();

        Assert.All(planted, value => Assert.DoesNotContain(value, seen, StringComparison.Ordinal));
        Assert.Contains("mem_limit", seen, StringComparison.Ordinal);
    }

    private KubeObjects System => Host.System;

    private string Url(string path) => GitCommandLine.Url(Host.GitHub.Endpoint, path);

    /// <summary>A Project with a token Secret that may write; returns the App's key.</summary>
    private async Task<string> ProjectAsync()
    {
        var app = Host.GitHub.Apps.Add("app");
        Host.GitHub.Install(app, Host.GitHub.Repositories.Add("acme", "shop", s_git));
        Host.GitHub.Repositories.Add("acme", "other", s_git);
        await Kube.CreateAsync(
            A.Secret("app", ("appId", app.Id.ToString(CultureInfo.InvariantCulture)), ("privateKey", app.PrivateKeyPem)),
            Cancel
        );
        await Kube.CreateAsync(
            A.Project()
                .With(project =>
                {
                    project.Spec.Github = new GitHubSpec { AppSecretRef = new LocalReference { Name = "app" } };
                    project.Spec.Repository = new RepositorySpec { Owner = "acme", Name = "shop" };
                    project.Spec.TokenSecrets =
                    [
                        new TokenSecretSpec
                        {
                            Name = "deploy",
                            Kind = TokenSecretKind.GitHubToken,
                            Permissions = new Dictionary<string, string> { ["contents"] = "write" },
                        },
                    ];
                }),
            Cancel
        );
        await Expect.ReasonAsync<Project>("acme", ProjectConditions.TokenSecretsFresh.Fresh, Cancel);
        return app.PrivateKeyPem;
    }

    private async Task<string> TokenAsync() =>
        Encoding.UTF8.GetString((await Kube.GetAsync<V1Secret>("deploy", Cancel)).Data["token"]);

    /// <summary>All that people and other programs may see: logs, events, every object but Secrets, and the arguments of every process.</summary>
    private async Task<string> SeenAsync()
    {
        var text = new StringBuilder().AppendJoin('\n', Host.Logs.All);
        foreach (var home in (KubeObjects[])[Kube, System])
        {
            text.Append(await home.TextAsync<Project>(Cancel))
                .Append(await home.TextAsync<Machine>(Cancel))
                .Append(await home.TextAsync<DeploymentNode>(Cancel))
                .Append(await home.TextAsync<ComposeApp>(Cancel))
                .Append(await home.TextAsync<V1ConfigMap>(Cancel))
                .Append(await home.TextAsync<V1Lease>(Cancel))
                .Append(await home.TextAsync<Eventsv1Event>(Cancel));
        }

        foreach (var server in Hetzner.Servers())
            text.Append(server.UserData);
        foreach (var process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                text.Append(await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), Cancel));
            }
            catch (IOException)
            {
                continue; // it ended while it was looked at
            }
        }

        return text.ToString();
    }
}
