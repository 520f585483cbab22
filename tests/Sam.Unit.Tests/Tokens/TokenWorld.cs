using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Projects;
using Sam.Operator.Credentials;
using Sam.Operator.Credentials.Probes;
using Sam.Operator.Hosting;
using Sam.Operator.Installation;
using Sam.Operator.Limits;
using Sam.Operator.Policy;
using Sam.Operator.Registry;
using Sam.Operator.Tokens;
using Sam.Rules.Policy;
using Sam.Runtime.Conditions;
using Sam.Runtime.Hosting;
using Sam.Runtime.Leases;
using Sam.Runtime.Transport;
using Sam.Simulators.GitHub;
using Sam.Testing.MemoryApi;
using Sam.Testing.Operators;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Runtime;

namespace Sam.Unit.Tests.Tokens;

/// <summary>A cluster in memory, a GitHub in memory, and an operator that mints, in virtual time; the operator can be killed and started again.</summary>
internal sealed class TokenWorld
{
    public const string Home = "team";
    public const string System = "sam-system";
    private const string Journals = $"/api/v1/namespaces/{System}/secrets";
    private readonly Simulation _sim;
    private int _starts;

    public TokenWorld(Simulation sim, GitHubSimulatorOptions? github = null)
    {
        _sim = sim;
        Cluster = new MemoryCluster(sim) { KeepsRequests = false };
        GitHub = GitHubSimulator.Create((github ?? new GitHubSimulatorOptions()) with { TimeProvider = sim.Clock });
        Cluster.Put(
            $"/api/v1/namespaces/{Home}/secrets/app",
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = "app", ["namespace"] = Home },
                ["data"] = new JsonObject(),
            }.ToJsonString()
        );
        App = GitHub.Apps.Add("sam", new SimulatedAppOptions { PrivateKeyPem = Keys.Pem });
        Shop = GitHub.Repositories.Add("acme", "shop");
        Blog = GitHub.Repositories.Add("acme", "blog");
        Installation = GitHub.Install(App, Shop, Blog);
        Process = sim.Process("not started");
        PutApp($"{App.Id}", App.PrivateKeyPem);
    }

    public MemoryCluster Cluster { get; }

    public GitHubSimulator GitHub { get; }

    public SimulatedApp App { get; }

    public SimulatedRepository Shop { get; }

    public SimulatedRepository Blog { get; }

    public SimulatedInstallation Installation { get; }

    public PlatformPolicy Policy { get; set; } = PlatformPolicy.Default;

    /// <summary>Whether Projects are reconciled; otherwise they only own tokens.</summary>
    public bool HasProjects { get; init; }

    public SwitchedLeadership Leadership { get; } = new();

    public LogLines Logs { get; } = new();

    public SimulatedProcess Process { get; private set; }

    public ServiceProvider Services { get; private set; } = null!;

    public ITokenBroker Broker => Services.GetRequiredService<ITokenBroker>();

    public GitHubAppKey Key => GitHubAppKey.Read($"{App.Id}", App.PrivateKeyPem);

    /// <summary>Starts the operator and waits until its caches are filled.</summary>
    public async Task StartAsync()
    {
        Process = _sim.Process($"operator {_starts++}");
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Logs));
        services.AddSingleton(Process.Clock);
        services.AddSingleton<IKubernetesTransport>(Cluster);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton(new OperatorNamespace(System));
        services.AddSingleton<IPlatformPolicies>(new SwitchedPolicy(this));
        var options = new OperatorOptions { Namespace = System };
        var runtime = services.AddKubernetesRuntime(settings => settings.Seed = _sim.Seed).AddTokens(options);
        if (HasProjects)
        {
            services.AddSingleton<CredentialSources>();
            services.AddSingleton<IHetznerClients>(new NoHetzner());
            runtime.AddProbes(options).AddRegistry(options.Registry);
            runtime.AddInformer(ProjectIndexes.Machines).AddInformer(ProjectIndexes.Nodes);
            runtime.AddProjects(new CredentialUsers(new OperatorNamespace(System)));
        }
        services.AddSingleton<ILeadership>(Leadership);
        services.AddSingleton<IGitHubApps>(provider => new GitHubApps(
            new GitHubOptions(),
            Leadership,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<TokenMetrics>(),
            GitHub.CreateHandler()
        ));
        Services = services.BuildServiceProvider();
        _ = Process.Start(() => Services.GetServices<IHostedService>().Single().StartAsync(CancellationToken.None));
        await _sim.IdleAsync();
    }

    /// <summary>Ends the operator in the middle of whatever it does.</summary>
    public void Kill() => Process.Kill();

    /// <summary>The App's Secret, as a user writes it.</summary>
    public void PutApp(string id, string key) =>
        Cluster.Change(
            $"/api/v1/namespaces/{Home}/secrets/app",
            secret =>
                secret["data"] = new JsonObject
                {
                    ["appId"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(id)),
                    ["privateKey"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)),
                }
        );

    /// <summary>A Project with the App; the rest of its spec is given.</summary>
    public TokenOwner PutGitHubProject(string name, string spec, string appSecret = "app")
    {
        var owner = PutProject(name);
        ChangeSpec(
            name,
            current =>
            {
                foreach (var (key, value) in JsonNode.Parse(spec)!.AsObject().ToList())
                    current[key] = value!.DeepClone();
                current["github"] = new JsonObject { ["appSecretRef"] = new JsonObject { ["name"] = appSecret } };
            }
        );
        return owner;
    }

    /// <summary>Changes a spec, as a user does.</summary>
    public void ChangeSpec(string name, Action<JsonObject> change) =>
        Cluster.Change(ProjectPath(name), project => change(project["spec"]!.AsObject()));

    /// <summary>Deletes as a user does: finalizers are waited for.</summary>
    public void DeleteProject(string name) =>
        Cluster.Change(ProjectPath(name), project => project["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");

    /// <summary>The Project; null once it is gone.</summary>
    public Project? Project(string name) =>
        Cluster.Find(ProjectPath(name)) is { } found ? KubernetesJson.Deserialize<Project>(found.ToJsonString()) : null;

    /// <summary>Reason of a condition.</summary>
    public string? Reason(string name, string condition) =>
        Project(name)?.Status.Conditions.FirstOrDefault(one => one.Type == condition)?.Reason;

    /// <summary>Fails unless the Project's condition has this reason.</summary>
    public void Shows(string name, Reason reason) => Assert.Equal(reason.Name, Reason(name, reason.Condition.Name));

    /// <summary>Names of reasons, to be compared.</summary>
    public static IEnumerable<string> NamesOf(params IEnumerable<Reason> reasons) => reasons.Select(reason => reason.Name);

    /// <summary>A Secret of the user's namespace.</summary>
    public V1Secret? Secret(string name) =>
        Cluster.Find($"/api/v1/namespaces/{Home}/secrets/{name}") is { } found
            ? KubernetesJson.Deserialize<V1Secret>(found.ToJsonString())
            : null;

    public TokenOwner PutProject(string name, string? uid = null)
    {
        var path = ProjectPath(name);
        Cluster.Put(
            path,
            $$"""
            {"apiVersion":"sam.dev/v1alpha1","kind":"Project","metadata":{"name":"{{name}}","namespace":"{{Home}}","uid":"{{uid
                ?? $"uid-{name}"}}" },"spec":{} }
            """
        );
        return new TokenOwner(nameof(Project), Home, name, Cluster.Find(path)!["metadata"]!["uid"]!.GetValue<string>());
    }

    public void RemoveProject(string name) => Cluster.Remove(ProjectPath(name));

    public GitHubGrant Grant(params SimulatedRepository[] repositories) =>
        new()
        {
            Use = "test",
            App = Key,
            Repositories = [.. repositories.Select(r => new RepositoryReference(r.Owner, r.Name, r.Id))],
            Permissions = new Dictionary<string, string> { ["contents"] = "write" },
        };

    /// <summary>Asks inside the operator's process, as a controller would.</summary>
    public async Task<GrantAnswer> AskAsync(TokenOwner owner, GitHubGrant? grant = null)
    {
        GrantAnswer? answer = null;
        Exception? fault = null;
        await _sim.IdleAsync(); // the caches hear of what was just made
        await Process.Start(async () =>
        {
            try
            {
                answer = await Broker.GetAsync(owner, grant ?? Grant(Shop), CancellationToken.None);
            }
            catch (Exception caught) when (caught is GitHubException or LeadershipLostException or KubernetesApiException)
            {
                fault = caught;
            }
        });
        return answer ?? throw fault!;
    }

    public async Task<IssuedToken> GrantedAsync(TokenOwner owner, GitHubGrant? grant = null) =>
        Assert.IsType<GrantAnswer.Granted>(await AskAsync(owner, grant)).Token;

    public async Task<TokenRefusal> RefusedAsync(TokenOwner owner, GitHubGrant? grant = null) =>
        Assert.IsType<GrantAnswer.Refused>(await AskAsync(owner, grant)).Reason;

    public IReadOnlyList<string> JournalNames() =>
        [
            .. Cluster
                .All(Journals)
                .Select(secret => secret["metadata"]!["name"]!.GetValue<string>())
                .Where(name => name.StartsWith("tokens-", StringComparison.Ordinal)),
        ];

    /// <summary>Tokens beside those that the operator reads with.</summary>
    public IReadOnlyList<SimulatedMint> Mints() => [.. GitHub.Mints.Where(mint => !Reads(mint))];

    public double Metric(string name, params (string Name, string Value)[] labels) =>
        Services.GetRequiredService<CollectorRegistry>().ValueOf(name, labels);

    private static bool Reads(SimulatedMint mint) => mint.Permissions.Values.All(level => level == "read");

    private static string ProjectPath(string name) => $"/apis/sam.dev/v1alpha1/namespaces/{Home}/projects/{name}";

    private sealed class SwitchedPolicy(TokenWorld world) : IPlatformPolicies
    {
        public PlatformPolicy Current => world.Policy;
    }
}

/// <summary>A provider that nobody asks here.</summary>
internal sealed class NoHetzner : IHetznerClients
{
    public IHetzner For(HetznerToken token) => throw new NotSupportedException();

    public ServerSnapshot SnapshotFor(HetznerToken token, string labelSelector) => throw new NotSupportedException();
}

/// <summary>Leads until told otherwise.</summary>
internal sealed class SwitchedLeadership : ILeadership
{
    public bool IsLeader { get; set; } = true;

    public TimeSpan Remaining => IsLeader ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

    public Task WaitAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
