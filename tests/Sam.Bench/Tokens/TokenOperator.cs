using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Operator.Hosting;
using Sam.Operator.Installation;
using Sam.Operator.Policy;
using Sam.Operator.Tokens;
using Sam.Rules.Policy;
using Sam.Runtime.Hosting;
using Sam.Runtime.Informers;
using Sam.Runtime.Transport;
using Sam.Testing.Clusters;

namespace Sam.Bench.Tokens;

/// <summary>The part of the operator that mints and revokes, with real connections to the cluster and to GitHub's simulator.</summary>
internal sealed class TokenOperator : IAsyncDisposable
{
    public const string Home = "sam-system";
    private readonly IHost _host;

    private TokenOperator(IHost host) => _host = host;

    public ITokenBroker Broker => _host.Services.GetRequiredService<ITokenBroker>();

    public static async Task<TokenOperator> StartAsync(TestCluster cluster, Uri github, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddSimpleConsole();
        var registry = Metrics.NewCustomRegistry();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(registry);
        builder.Services.AddSingleton<IKubernetesTransport>(_ =>
            HttpTransport.Connect(cluster.Configuration(), new RestClientMetrics(registry), TimeProvider.System)
        );
        builder.Services.AddSingleton(new OperatorNamespace(Home));
        builder.Services.AddSingleton<IPlatformPolicies>(new FixedPolicy(PlatformPolicy.Default));
        builder
            .Services.AddKubernetesRuntime(runtime => runtime.Configuration = cluster.Configuration())
            .AddTokens(new OperatorOptions { Namespace = Home, GitHubEndpoint = github });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new TokenOperator(host);
    }

    /// <summary>Returns once its caches are filled.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        foreach (var informer in _host.Services.GetServices<IInformer>())
            await informer.WaitForSyncAsync(cancellationToken);
    }

    /// <summary>Ends in the middle of whatever it does: nothing that is on its way is finished.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true));
        _host.Dispose();
    }
}
