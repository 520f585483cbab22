using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sam.DevCluster.Aggregation;
using Sam.DevCluster.Authorization;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Faults;
using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Storage.Persistence;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster;

/// <summary>A Kubernetes API server in one process, a stand-in for tests and trials and never for production.</summary>
public sealed class DevClusterServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ClusterCertificates _certificates;
    private readonly ControllerLoop _controllers;
    private readonly Gatekeeping _gatekeeping;
    private readonly StoreLog? _log;
    private readonly Aggregator _aggregator;
    private readonly ObjectStore _store;

    private DevClusterServer(DevClusterOptions options)
    {
        _log = options.DataFile is { } file ? StoreLog.Open(file) : null;
        KeepSecret keep = _log is null ? (_, make) => make() : _log.GetOrAdd;
        _certificates = new ClusterCertificates(options.TimeProvider.GetUtcNow(), options.Address, keep, options.Serving);
        _store = new ObjectStore(options.Limits, _log);
        Faults = new DevClusterFaults(_store);
        BearerToken = Convert.ToHexStringLower(keep("token", () => RandomNumberGenerator.GetBytes(16)));
        var catalog = new ResourceCatalog();
        var writer = new ObjectWriter(_store, catalog, options.TimeProvider);
        var deleter = new ObjectDeleter(writer);
        var tables = new TableWriter(options.TimeProvider);
        var namespaces = new NamespaceController(writer, deleter);
        _gatekeeping = new Gatekeeping(writer, Authenticator.UserOf(_certificates.Client), BearerToken, options, keep);
        _aggregator = new Aggregator(writer, deleter, _certificates.Proxy, options.Services);
        _controllers = new ControllerLoop(
            _store,
            new DefinitionController(writer, deleter),
            namespaces,
            new GarbageCollector(writer, deleter),
            new ServiceAccountController(
                writer,
                deleter,
                _gatekeeping.Accounts,
                _certificates.AuthorityPem,
                options.PublishesAuthority
            ),
            new RoleAggregation(writer),
            _aggregator
        );
        _controllers.Start(_log is null ? [] : _store.Restore(_log.Content));
        namespaces.Start();
        DefaultRoles.Create(writer);
        ExtensionAuthentication.Publish(writer, _certificates);
        _aggregator.Start();
        _app = BuildApp(options);
        var resources = new ResourceHandler(
            writer,
            deleter,
            new WatchHandler(_store, options, Faults, tables),
            tables,
            new FaultGate(Faults, options.TimeProvider)
        );
        var router = new ApiRouter(
            catalog,
            resources,
            new DiscoveryHandler(catalog, _aggregator),
            new OpenApiHandler(catalog, _aggregator),
            new NodelessParts(writer, deleter),
            new FaultControl(Faults),
            _gatekeeping,
            _aggregator,
            _app.Logger
        );
        var deadline = new RequestDeadline(options.RequestTimeout, options.TimeProvider);
        _app.Run(new RequestCounter(context => deadline.RunAsync(context, router.HandleAsync)).HandleAsync);
    }

    /// <summary>Where the API is served, with the port that was taken.</summary>
    public Uri BaseAddress { get; private set; } = new("https://127.0.0.1");

    /// <summary>The kubeconfig of the administrator as YAML, with a client certificate.</summary>
    public string Kubeconfig => KubeconfigDocument.Render(BaseAddress, _certificates.AuthorityPem, "admin", _certificates.Client);

    /// <summary>A kubeconfig with a fresh client certificate for somebody else.</summary>
    public string KubeconfigOf(string user, params IEnumerable<string> groups)
    {
        using var certificate = _certificates.IssueClient(user, groups);
        return KubeconfigDocument.Render(BaseAddress, _certificates.AuthorityPem, user, certificate);
    }

    /// <summary>A token that is as good as the client certificate.</summary>
    public string BearerToken { get; }

    /// <summary>The certificate of the cluster's own authority in PEM.</summary>
    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>Faults for tests.</summary>
    public DevClusterFaults Faults { get; }

    /// <summary>How many watches are open.</summary>
    public int WatchCount => _store.WatchCount;

    /// <summary>Starts a cluster and returns once it answers.</summary>
    public static async Task<DevClusterServer> StartAsync(
        DevClusterOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var server = new DevClusterServer(options ?? new DevClusterOptions());
        try
        {
            await server._app.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.BaseAddress = new Uri(addresses.Addresses.Single());
        return server;
    }

    /// <summary>Writes the kubeconfig for its owner only; whoever reads the file sees all of it or the one before.</summary>
    public void WriteKubeconfig(string path)
    {
        var target = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            target.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        using (var writer = new StreamWriter(draft, target))
            writer.Write(Kubeconfig);
        File.Move(draft, path, overwrite: true);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        _store.EndWatches(_ => true, cursor => cursor.Finish());
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _controllers.StopAsync();
        await _aggregator.DisposeAsync();
        _gatekeeping.Dispose();
        _certificates.Dispose();
        _log?.Dispose();
    }

    private WebApplication BuildApp(DevClusterOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The one who starts the cluster also ends it.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Listen(
                options.Address,
                options.Port,
                listen =>
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = _certificates.Server;
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                        https.ClientCertificateValidation = (certificate, _, _) => _certificates.Trusts(certificate);
                    })
            );
        });
        return builder.Build();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
