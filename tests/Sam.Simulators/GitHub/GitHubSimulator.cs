using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sam.Simulators.GitHub.Control;
using Sam.Simulators.GitHub.Git;

namespace Sam.Simulators.GitHub;

/// <summary>GitHub, as much of it as an App sees: on a loopback port, or in process without any socket.</summary>
public sealed class GitHubSimulator : IAsyncDisposable
{
    private readonly GitHubWorld _world;
    private readonly GitHubApi _api;
    private readonly WebApplication? _host;
    private readonly CancellationTokenSource _end = new();
    private Task _deliveries = Task.CompletedTask;

    private GitHubSimulator(GitHubSimulatorOptions options, GitHubWorld world, WebApplication? host, GitHubApi api)
    {
        (_world, _host, _api) = (world, host, api);
        Apps = new SimulatedApps(world);
        Repositories = new SimulatedRepositories(world);
        People = new SimulatedPeople(world);
        Faults = api.Faults;
        Endpoint = host is null
            ? options.InProcessEndpoint
            : new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        world.BaseAddress = Endpoint;
        Webhooks = world.Webhooks = new GitHubWebhooks(world, Faults);
        if (host is not null && options.DeliversWebhooks)
        {
            Webhooks.Raised = () => _deliveries = DeliverAsync(_deliveries);
        }
    }

    /// <summary>Base address of the API, with a slash at its end; `/_sim/...` and `OWNER/NAME.git` are served below it too.</summary>
    public Uri Endpoint { get; }

    /// <summary>The Apps that are registered.</summary>
    public SimulatedApps Apps { get; }

    /// <summary>The repositories that exist.</summary>
    public SimulatedRepositories Repositories { get; }

    /// <summary>The people with tokens of their own.</summary>
    public SimulatedPeople People { get; }

    /// <summary>Signed events; with sockets they go by themselves, in process by <see cref="GitHubWebhooks.DeliverAsync"/>.</summary>
    public GitHubWebhooks Webhooks { get; }

    /// <summary>The faults to play.</summary>
    public GitHubFaults Faults { get; }

    /// <summary>Every token it ever minted, in order.</summary>
    public IReadOnlyList<SimulatedMint> Mints
    {
        get
        {
            lock (_world.Lock)
            {
                return [.. _world.Mints];
            }
        }
    }

    /// <summary>Every call it ever saw, in order.</summary>
    public IReadOnlyList<SimulatedCall> Calls
    {
        get
        {
            lock (_world.Lock)
            {
                return [.. _world.Calls];
            }
        }
    }

    /// <summary>Starts one on loopback.</summary>
    public static async Task<GitHubSimulator> StartAsync(
        GitHubSimulatorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new GitHubSimulatorOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = null; // a push is as large as it is
        });
        var host = builder.Build();
        var (world, faults) = (new GitHubWorld(options), new GitHubFaults());
        var api = new GitHubApi(world, faults);
        SocketFront.Map(host, api, new GitFront(world, faults), options.TimeProvider);
        await host.StartAsync(cancellationToken);
        var simulator = new GitHubSimulator(options, world, host, api);
        GitHubControl.Map(host, simulator);
        return simulator;
    }

    /// <summary>Makes one without sockets, threads or timers of its own: only <see cref="CreateHandler"/> reaches it.</summary>
    public static GitHubSimulator Create(GitHubSimulatorOptions? options = null)
    {
        options ??= new GitHubSimulatorOptions();
        var world = new GitHubWorld(options);
        return new GitHubSimulator(options, world, host: null, new GitHubApi(world, new GitHubFaults()));
    }

    /// <summary>A handler that answers in process; it does not follow redirects, as no bare handler does.</summary>
    public HttpMessageHandler CreateHandler() => new InProcessHandler(_api, _world.Options.TimeProvider);

    /// <summary>Installs an App for these repositories, which have one owner.</summary>
    public SimulatedInstallation Install(SimulatedApp app, params IReadOnlyCollection<SimulatedRepository> repositories) =>
        _world.Install(app, repositories.Select(repository => repository.Owner).Distinct().Single(), repositories);

    /// <summary>Installs an App for all repositories of an account, those to come too.</summary>
    public SimulatedInstallation InstallForAll(SimulatedApp app, string account) => _world.Install(app, account, selected: null);

    /// <summary>Where Apps are installed.</summary>
    public IReadOnlyList<SimulatedInstallation> Installations()
    {
        lock (_world.Lock)
        {
            return [.. _world.Installations.Values];
        }
    }

    /// <summary>The tokens that work now.</summary>
    public IReadOnlyList<SimulatedMint> LiveTokens()
    {
        lock (_world.Lock)
        {
            return [.. _world.Mints.Where(mint => mint.IsLiveAt(_world.Now))];
        }
    }

    /// <summary>Revokes a token behind its holder's back.</summary>
    public void Revoke(string token)
    {
        lock (_world.Lock)
        {
            _world.Revoke(token, "github");
        }
    }

    /// <summary>Calls by `METHOD route status`.</summary>
    public IReadOnlyDictionary<string, int> CallsByRoute() =>
        Calls.CountBy(call => $"{call.Method} {call.Route} {call.Status}").ToDictionary(StringComparer.Ordinal);

    /// <summary>Returns once somebody asked the process to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) =>
        _host?.WaitForShutdownAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
        await _deliveries.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what was cut off by the end is nobody's fault
        Webhooks.Dispose();
        _end.Dispose();
        foreach (var app in Apps.All())
        {
            app.Dispose();
        }
        if (_world.OwnGitRoot is { } folder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Under the lock of whoever raised: the sending begins elsewhere, after what was sent before.
    private async Task DeliverAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await Webhooks.DeliverAsync(_end.Token);
    }
}
