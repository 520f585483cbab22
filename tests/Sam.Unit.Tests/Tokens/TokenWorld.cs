using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Hosting;
using Sam.Operator.Installation;
using Sam.Operator.Policy;
using Sam.Operator.Tokens;
using Sam.Rules.Policy;
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
        App = GitHub.Apps.Add("sam", new SimulatedAppOptions { PrivateKeyPem = Keys.Pem });
        Shop = GitHub.Repositories.Add("acme", "shop");
        Blog = GitHub.Repositories.Add("acme", "blog");
        Installation = GitHub.Install(App, Shop, Blog);
        Process = sim.Process("not started");
    }

    public MemoryCluster Cluster { get; }

    public GitHubSimulator GitHub { get; }

    public SimulatedApp App { get; }

    public SimulatedRepository Shop { get; }

    public SimulatedRepository Blog { get; }

    public SimulatedInstallation Installation { get; }

    public PlatformPolicy Policy { get; set; } = PlatformPolicy.Default;

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
        services.AddKubernetesRuntime(options => options.Seed = _sim.Seed).AddTokens(new OperatorOptions { Namespace = System });
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

    public TokenOwner PutProject(string name, string? uid = null)
    {
        var path = ProjectPath(name);
        Cluster.Put(
            path,
            $$"""
            {"apiVersion":"sam.dev/v1alpha1","kind":"Project","metadata":{"name":"{{name}}","namespace":"{{Home}}","uid":"{{uid ?? $"uid-{name}"}}" },"spec":{} }
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
    public async Task<TokenAnswer> AskAsync(TokenOwner owner, GitHubGrant? grant = null)
    {
        TokenAnswer? answer = null;
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
        Assert.IsType<TokenAnswer.Granted>(await AskAsync(owner, grant)).Token;

    public async Task<TokenRefusal> RefusedAsync(TokenOwner owner, GitHubGrant? grant = null) =>
        Assert.IsType<TokenAnswer.Refused>(await AskAsync(owner, grant)).Reason;

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

/// <summary>Leads until told otherwise.</summary>
internal sealed class SwitchedLeadership : ILeadership
{
    public bool IsLeader { get; set; } = true;

    public TimeSpan Remaining => IsLeader ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

    public Task WaitAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
