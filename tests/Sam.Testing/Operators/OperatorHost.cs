using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Credentials.Probes;
using Sam.Operator.Hosting;
using Sam.Operator.Policy;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Endpoint;
using Sam.Rules.Policy;
using Sam.Runtime.Transport;
using Sam.Simulators.GitHub;
using Sam.Simulators.Hetzner;
using Sam.Testing.Clusters;

namespace Sam.Testing.Operators;

/// <summary>
/// The operator, wired as its program wires it, in this process: a real Kubernetes client, a simulated provider, record-only engines. Sees one
/// namespace of its own, so that many run beside each other on one cluster.
/// </summary>
public sealed class OperatorHost : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly string _system;
    private readonly bool _elects;
    private readonly RegistryOptions _registry;
    private readonly List<TestNamespace> _namespaces = [];
    private readonly SettablePolicy _policy = new();
    private IHost? _host;

    private OperatorHost(
        TestCluster cluster,
        HetznerSimulator hetzner,
        GitHubSimulator github,
        string home,
        bool elects,
        RegistryOptions registry
    )
    {
        (_cluster, Hetzner, GitHub, _system, _elects, _registry) = (cluster, hetzner, github, home + "-system", elects, registry);
        (Kube, System) = (new KubeObjects(cluster.Transport, home), new KubeObjects(cluster.Transport, _system));
        Expect = new Expect(Kube);
        Engines = new RecordedEngines(RecordedCaddy.Script());
    }

    /// <summary>The provider.</summary>
    public HetznerSimulator Hetzner { get; }

    /// <summary>The engines of all Machines.</summary>
    public RecordedEngines Engines { get; }

    /// <summary>GitHub.</summary>
    public GitHubSimulator GitHub { get; }

    /// <summary>The model providers.</summary>
    public ModelProviders Models { get; } = new();

    /// <summary>What the platform team lets namespaces do; a change is seen by whatever runs next.</summary>
    public PlatformPolicy Policy
    {
        get => _policy.Current;
        set => _policy.Current = value;
    }

    /// <summary>The user's namespace.</summary>
    public KubeObjects Kube { get; }

    /// <summary>The operator's namespace.</summary>
    public KubeObjects System { get; }

    /// <summary>What to wait for in the user's namespace.</summary>
    public Expect Expect { get; }

    /// <summary>How long a VM may take to boot; holds from the next start of the operator.</summary>
    public TimeSpan BootDeadline { get; set; } = new MachineOptions().BootDeadline;

    /// <summary>What the operator logged, over all its starts.</summary>
    public LogLines Logs { get; } = new();

    /// <summary>What the operator asked of the Kubernetes API, over all its starts.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Where the operator answers logins for registries.</summary>
    public Uri TokenEndpoint => Service<TokenServer>().Address ?? throw new InvalidOperationException("No endpoint is open");

    /// <summary>A part of the running operator.</summary>
    internal T Service<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Makes the namespaces, the token's Secret and the provider, and starts the operator.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="elects">Whether the operator takes a Lease first; a crash then costs the next one the rest of its time.</param>
    public static Task<OperatorHost> StartAsync(TestCluster cluster, CancellationToken cancellationToken, bool elects = false) =>
        StartAsync(cluster, new RegistryOptions(), cancellationToken, elects);

    /// <summary>The same, with registries that trust the operator.</summary>
    internal static async Task<OperatorHost> StartAsync(
        TestCluster cluster,
        RegistryOptions registry,
        CancellationToken cancellationToken,
        bool elects = false
    )
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var hetzner = await HetznerSimulator.StartAsync(
            new HetznerSimulatorOptions { Delays = HetznerDelays.None },
            cancellationToken
        );
        var github = await GitHubSimulator.StartAsync(new GitHubSimulatorOptions(), cancellationToken);
        var host = new OperatorHost(cluster, hetzner, github, $"t-{Guid.NewGuid().ToString("N")[..12]}", elects, registry);
        foreach (var home in (string[])[host.Kube.Namespace, host._system])
            host._namespaces.Add(await TestNamespace.CreateAsync(cluster, home, cancellationToken));
        await host.Kube.CreateAsync(A.Secret(A.TokenSecret, ("token", HetznerSimulatorOptions.DefaultToken)), cancellationToken);
        await host.RunAsync(cancellationToken);
        return host;
    }

    /// <summary>Starts the operator; one process after another, never two.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Logs);
        var registry = Metrics.NewCustomRegistry();
        builder.Services.AddSingleton(registry);
        builder.Services.AddSingleton(_ =>
            Requests.Around(HttpTransport.Connect(_cluster.Configuration(), new RestClientMetrics(registry), TimeProvider.System))
        );
        builder.Services.AddOperator(
            new OperatorOptions
            {
                Namespace = _system,
                HetznerEndpoint = Hetzner.Endpoint,
                GitHubEndpoint = GitHub.Endpoint,
                LeaderElection = _elects,
                Registry = _registry,
            },
            runtime =>
            {
                runtime.Configuration = _cluster.Configuration();
                runtime.Namespaces = [Kube.Namespace, _system];
                // A lost lease ends the process, which is the tests' own here: a machine that is busy must not lose it.
                if (runtime.Lease is { } lease)
                    runtime.Lease = lease with { Duration = TimeSpan.FromMinutes(10), RenewDeadline = TimeSpan.FromMinutes(9) };
            }
        );
        builder.Services.AddSingleton<IMachineLinks>(Engines);
        builder.Services.AddSingleton<IPlatformPolicies>(_policy);
        builder.Services.AddKeyedSingleton<HttpMessageHandler>(ProbeRegistration.Handler, Models);
        builder.Services.AddSingleton(new MachineOptions { PingInterval = TimeSpan.FromSeconds(1), BootDeadline = BootDeadline });
        _host = builder.Build();
        await _host.Services.LoadInstallationAsync(cancellationToken);
        await _host.StartAsync(cancellationToken);
    }

    /// <summary>Ends the operator in the middle of whatever it does: runs in progress are cut off without a write.</summary>
    public async Task CrashAsync()
    {
        if (_host is not { } host)
            return;
        _host = null;
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
    }

    /// <summary>Cuts the operator off and starts another.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await CrashAsync();
        await RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        foreach (var home in _namespaces)
            await home.DisposeAsync();
        Engines.Dispose();
        Logs.Dispose();
        Models.Dispose();
        await Hetzner.DisposeAsync();
        await GitHub.DisposeAsync();
    }

    private sealed class SettablePolicy : IPlatformPolicies
    {
        public PlatformPolicy Current { get; set; } = PlatformPolicy.Default;
    }
}
