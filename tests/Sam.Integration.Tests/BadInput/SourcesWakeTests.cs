using k8s;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Credentials;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.BadInput;

/// <summary>A Secret or ConfigMap that changes wakes exactly those that refer to it. No step looks again by itself, so only a watch can heal these.</summary>
public sealed class SourcesWakeTests(SharedCluster shared) : OperatorTest(shared)
{
    [Fact]
    public async Task A_compose_file_whose_ConfigMap_comes_late_is_applied()
    {
        await NodeAsync();
        var reference = new ConfigMapKeyReference { Name = "files", Key = "compose.yaml" };
        await Kube.CreateAsync(
            A.App()
                .With(app => app.Spec.Compose = null)
                .With(app => app.Spec.ComposeFrom = new ComposeSource { ConfigMapKeyRef = reference }),
            Cancel
        );
        await RefusedAsync("shop", "ManifestValid", "ConfigMapNotFound", "files");

        await Kube.CreateAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = "files" },
                Data = new Dictionary<string, string> { ["compose.yaml"] = A.Compose("registry.test/shop:1") },
            },
            Cancel
        );

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_registry_login_that_comes_late_is_used()
    {
        await NodeAsync();
        await Kube.CreateAsync(
            A.App().With(app => app.Spec.Registry = new RegistrySpec { SecretRef = new LocalReference { Name = "login" } }),
            Cancel
        );
        await RefusedAsync("shop", "ImagesResolved", "RegistryUnauthorized", "Secret login");

        await Kube.CreateAsync(A.Secret("login", (".dockerconfigjson", """{"auths":{}}""")), Cancel);

        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
    }

    [Fact]
    public async Task A_credential_that_is_found_by_its_label_heals_the_Project_and_its_node()
    {
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);
        await Kube.CreateAsync(A.Project().With(project => project.Spec.Credentials = []), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        await Expect.ConditionAsync<Project>("acme", "CredentialsResolved", "False", "SomeUnresolved", Cancel);
        await Expect.ConditionAsync<DeploymentNode>("edge", "ProviderManageable", "False", "TokenMissing", Cancel);

        await Kube.CreateAsync(
            A.Secret("shared", ("token", HetznerSimulatorOptions.DefaultToken))
                .With(secret =>
                    secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = "hetzner" }
                ),
            Cancel
        );

        await Expect.ReadyAsync<Project>("acme", Cancel);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    [Fact]
    public void A_Secret_wakes_the_apps_that_name_it_and_no_other()
    {
        var stores = new FixedStores(
            apps:
            [
                App(
                    "a",
                    "by-env",
                    app => app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "s" } }]
                ),
                App(
                    "a",
                    "by-login",
                    app => app.Spec.Registry = new RegistrySpec { SecretRef = new LocalReference { Name = "s" } }
                ),
                App(
                    "a",
                    "by-map",
                    app => app.Spec.EnvFrom = [new EnvironmentSource { ConfigMapRef = new LocalReference { Name = "s" } }]
                ),
                App(
                    "a",
                    "by-other",
                    app => app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "t" } }]
                ),
                App(
                    "b",
                    "elsewhere",
                    app => app.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "s" } }]
                ),
            ]
        );

        Assert.Equal(["by-env", "by-login"], AppSources.AppsOf(Secret("a", "s"), stores).Select(key => key.Name).Order());
        Assert.Equal(
            ["by-map"],
            AppSources
                .AppsOf(new MetadataOf<V1ConfigMap> { Metadata = Secret("a", "s").Metadata }, stores)
                .Select(key => key.Name)
        );
    }

    [Fact]
    public void A_Secret_pays_for_the_Projects_that_name_it_or_would_find_it()
    {
        var stores = new FixedStores(
            projects:
            [
                Project("a", "names-it", ("hetzner", "s")),
                Project("a", "names-another", ("hetzner", "t")),
                Project("a", "names-it-for-git", ("hetzner", "t"), ("github", "s")),
                Project("a", "names-none"),
                Project("b", "elsewhere"),
            ]
        );

        Assert.Equal(["names-it"], Paid(Secret("a", "s"), stores));
        Assert.Equal(["names-it", "names-none"], Paid(Secret("a", "s", "hetzner"), stores));
        Assert.Equal(
            ["names-it", "names-it-for-git"],
            Users.Projects(Secret("a", "s"), stores).Select(project => project.Metadata.Name).Order()
        );
    }

    private static readonly CredentialUsers Users = new(new OperatorNamespace("sam-system"));

    private static IEnumerable<string> Paid(MetadataOf<V1Secret> secret, IStores stores) =>
        Users.Payers(secret, stores).Select(project => project.Metadata.Name).Order();

    private static MetadataOf<V1Secret> Secret(string home, string name, string? consumer = null) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = home,
                Labels = consumer is null ? null : new Dictionary<string, string> { [Names.Labels.Credential] = consumer },
            },
        };

    private static ComposeApp App(string home, string name, Action<ComposeApp> change) =>
        A.App(name).With(app => app.Metadata.NamespaceProperty = home).With(change);

    private static Project Project(string home, string name, params (string Consumer, string Secret)[] credentials) =>
        A.Project(name)
            .With(project => project.Metadata.NamespaceProperty = home)
            .With(project =>
                project.Spec.Credentials = [
                    .. credentials.Select(entry => new ProjectCredential
                    {
                        Consumer = entry.Consumer,
                        SecretRef = new SecretKeyReference { Name = entry.Secret },
                    }),
                ]
            );

    /// <summary>Caches that hold what a test says.</summary>
    private sealed class FixedStores(ComposeApp[]? apps = null, Project[]? projects = null) : IStores
    {
        private readonly FixedStore<ComposeApp> _apps = new(apps ?? [], [AppSources.BySecret, AppSources.ByConfigMap]);
        private readonly FixedStore<Project> _projects = new(projects ?? [], [CredentialUsers.Index]);

        public IResourceStore<TEntity> Of<TEntity>()
            where TEntity : IKubernetesObject<V1ObjectMeta> =>
            typeof(TEntity) == typeof(Project)
                ? (IResourceStore<TEntity>)(object)_projects
                : (IResourceStore<TEntity>)(object)_apps;
    }

    private sealed class FixedStore<TEntity>(TEntity[] items, IndexDefinition<TEntity>[] indexes) : IResourceStore<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        public TEntity? Get(string @namespace, string name) =>
            List(@namespace).FirstOrDefault(item => item.Metadata.Name == name);

        public IReadOnlyCollection<TEntity> List(string? @namespace = null) =>
            [.. items.Where(item => @namespace is null || item.Metadata.NamespaceProperty == @namespace)];

        public IReadOnlyCollection<TEntity> ByIndex(string index, string key)
        {
            var definition = indexes.Single(candidate => candidate.Name == index);
            return [.. items.Where(item => definition.Keys(item).Contains(key))];
        }
    }
}
