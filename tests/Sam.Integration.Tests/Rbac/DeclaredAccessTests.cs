using System.Globalization;
using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Integration.Tests.Registry;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Keys;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Rbac;

/// <summary>The roles that are generated from the declarations allow what the operator does, and nothing that it never does.</summary>
public sealed class DeclaredAccessTests(SharedCluster shared) : IAsyncLifetime
{
    private const string ForeignKind = "a kind of external-dns, which DnsEndpointTests installs";
    private const string StreamsInstead = "an informer lists where a server does not stream";

    // Granted though a life without trouble never asks for it. Grant, why it stays.
    private static readonly Dictionary<string, string> Rare = new(StringComparer.Ordinal)
    {
        ["get sam.dev/projects"] = "a status write that meets a conflict reads again",
        ["get sam.dev/machines"] = "a status write that meets a conflict reads again",
        ["get sam.dev/deploymentnodes"] = "a status write that meets a conflict reads again",
        ["get sam.dev/composeapps"] = "a status write that meets a conflict reads again",
        ["list configmaps"] = StreamsInstead,
        ["list sam.dev/projects"] = StreamsInstead,
        ["list sam.dev/machines"] = StreamsInstead,
        ["list sam.dev/deploymentnodes"] = StreamsInstead,
        ["list sam.dev/composeapps"] = StreamsInstead,
        ["own namespace: list secrets"] = "a sweep begins long after a start",
        ["get externaldns.k8s.io/dnsendpoints"] = ForeignKind,
        ["create externaldns.k8s.io/dnsendpoints"] = ForeignKind,
        ["patch externaldns.k8s.io/dnsendpoints"] = ForeignKind,
        ["delete externaldns.k8s.io/dnsendpoints"] = ForeignKind,
        ["patch events.k8s.io/events"] = "only an event that repeats becomes a series",
    };

    private OperatorHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _host = await OperatorHost.StartAsync(shared.Cluster, Registry(), Cancel, elects: true);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_operator_asks_for_what_the_roles_grant_and_for_all_of_it()
    {
        var granted = GrantedAccess.Read(await File.ReadAllTextAsync(RoleFile(), Cancel));

        await LiveAsync();
        var requests = _host.Requests.All;
        var used = requests.SelectMany(request => granted.For(request, _host.System.Namespace)).ToHashSet();

        Assert.DoesNotContain(requests, request => !granted.For(request, _host.System.Namespace).Any());
        Assert.Empty(granted.All.Except(used).Select(grant => grant.ToString()).Except(Rare.Keys));
        Assert.Empty(Rare.Keys.Except(granted.All.Select(grant => grant.ToString())));
    }

    [Fact]
    public void A_request_that_no_role_grants_is_seen()
    {
        var granted = GrantedAccess.Read(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: one, namespace: home}
            rules:
            - apiGroups: [""]
              resources: [secrets]
              resourceNames: [known]
              verbs: [get]
            """
        );

        Assert.Single(granted.For(new ApiRequest("get", "", "secrets", "home", "known"), "home"));
        Assert.Empty(granted.For(new ApiRequest("get", "", "secrets", "home", "other"), "home"));
        Assert.Empty(granted.For(new ApiRequest("get", "", "secrets", "away", "known"), "home"));
        Assert.Empty(granted.For(new ApiRequest("delete", "", "secrets", "home", "known"), "home"));
        Assert.Empty(granted.For(new ApiRequest("get", "", "secrets/status", "home", "known"), "home"));
    }

    /// <summary>Everything that the operator can be asked for: every source of values, a new token, releases that age, and the way back.</summary>
    private async Task LiveAsync()
    {
        var kube = _host.Kube;
        await kube.CreateAsync(A.Secret("values", ("TAG", "1")), Cancel);
        await kube.CreateAsync(A.Secret("labelled", ("token", "x")).With(Labelled), Cancel);
        await kube.CreateAsync(
            new V1ConfigMap
            {
                Metadata = new() { Name = "file" },
                Data = ComposeFile(),
            },
            Cancel
        );
        await kube.CreateAsync(
            A.Project().With(project => project.Spec.CredentialPolicy = CredentialPolicy.AllowPlatform),
            Cancel
        );
        await kube.CreateAsync(A.Node(), Cancel);
        await _host.Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
        await kube.CreateAsync(A.App().With(FromElsewhere), Cancel);
        var app = await _host.Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        await kube.EditAsync<ComposeApp>("shop", a => a.Spec.RevisionHistoryLimit = 1, Cancel);
        foreach (var value in (string[])["a", "b", "c"])
        {
            await kube.EditAsync<ComposeApp>("shop", a => a.Spec.Env = [new() { Name = "MODE", Value = value }], Cancel);
            var before = app.Status.AppliedRelease;
            app = await _host.Expect.ThatAsync<ComposeApp>(
                "shop",
                a => a.Status.AppliedRelease > before,
                $"a release after {before}",
                Cancel
            );
        }

        await RenewTokenAsync();
        await LogInAsync();
        await IssueAsync();
        await kube.DeleteAsync<ComposeApp>("shop", Cancel);
        await _host.Expect.GoneAsync<ComposeApp>("shop", Cancel);
        await kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await _host.Expect.GoneAsync<DeploymentNode>("edge", Cancel);
    }

    private async Task RenewTokenAsync()
    {
        var fresh = new string('f', 64);
        _host.Hetzner.Know(new SimulatedToken(fresh, "default"));
        await _host.Kube.EditAsync<V1Secret>(A.TokenSecret, s => s.Data["token"] = Encoding.UTF8.GetBytes(fresh), Cancel);
        await Poll.UntilAsync(
            async () =>
                (await _host.System.ListAsync<V1Secret>(Cancel)).Any(copy =>
                    copy.Data?.TryGetValue("token", out var kept) == true && Encoding.UTF8.GetString(kept) == fresh
                ),
            () => Task.FromResult("the kept copy is the old token"),
            Cancel
        );
    }

    private static RegistryOptions Registry() =>
        new()
        {
            Trusted = [new TrustedRegistry { Host = "registry.trusted.test" }],
            KeyRefresh = TimeSpan.FromSeconds(1),
            Endpoint = new TokenEndpointOptions { Port = 0 },
        };

    /// <summary>Somebody logs in for a registry, and its keys change.</summary>
    private async Task LogInAsync()
    {
        var password = await RegistryTest.TokenAsync(shared.Cluster, _host.Kube, "robot", "sam-registry", Cancel);
        var scope = $"repository:{_host.Kube.Namespace}/app:pull";
        Assert.Equal("", (await RegistryTest.AskAsync(_host, "registry.trusted.test", password, Cancel, scope)).Access);
        await _host.System.EditAsync<V1Secret>(
            KeySecret.Name,
            secret => secret.Metadata.Annotations = new Dictionary<string, string> { [Names.Annotations.Rotate] = "now" },
            Cancel
        );
        await Poll.UntilAsync(
            () => _host.Logs.All.Any(line => line.Contains("Published registry key", StringComparison.Ordinal)),
            "the next key is not published",
            Cancel
        );
    }

    /// <summary>A token Secret is filled, by way of the journal.</summary>
    private async Task IssueAsync()
    {
        var app = _host.GitHub.Apps.Add("app");
        _host.GitHub.Install(app, _host.GitHub.Repositories.Add("acme", "shop"));
        var id = app.Id.ToString(CultureInfo.InvariantCulture);
        await _host.Kube.CreateAsync(A.Secret("app", ("appId", id), ("privateKey", app.PrivateKeyPem)), Cancel);
        await _host.Kube.CreateAsync(A.Project("tokens").With(Tokens), Cancel);
        await _host.Expect.ReasonAsync<Project>("tokens", ProjectConditions.TokenSecretsFresh.Fresh, Cancel);
    }

    private static void Tokens(Project project)
    {
        project.Spec.Github = new GitHubSpec { AppSecretRef = new LocalReference { Name = "app" } };
        project.Spec.Repository = new RepositorySpec { Owner = "acme", Name = "shop" };
        project.Spec.TokenSecrets = [new TokenSecretSpec { Name = "git", Kind = TokenSecretKind.GitHubToken }];
    }

    private static void Labelled(V1Secret secret) =>
        secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = "github" };

    private static Dictionary<string, string> ComposeFile() =>
        new() { ["compose.yaml"] = A.Compose("registry.test/shop:${TAG}", "    environment: {MODE: \"${MODE:-none}\"}") };

    private static void FromElsewhere(ComposeApp app)
    {
        app.Spec.Compose = null;
        app.Spec.ComposeFrom = new ComposeSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "file" } };
        app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "values" } }];
    }

    private static string RoleFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "operator", "manifests", "rbac.yaml");
    }
}
