using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Kit;

/// <summary>A test that runs the operator in namespaces of its own.</summary>
public abstract class OperatorTest(SharedCluster shared) : IAsyncLifetime
{
    private OperatorHost? _host;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected OperatorHost Host => _host!;

    protected KubeObjects Kube => Host.Kube;

    protected Expect Expect => Host.Expect;

    protected HetznerSimulator Hetzner => Host.Hetzner;

    protected EngineScript Script => Host.Engines.Script;

    public async ValueTask InitializeAsync() => _host = await OperatorHost.StartAsync(shared.Cluster, Cancel);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
            await _host.DisposeAsync();
    }

    /// <summary>Project and node, the node Ready.</summary>
    protected async Task<DeploymentNode> NodeAsync()
    {
        await Kube.CreateAsync(A.Project(), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);
        return await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    /// <summary>An app that is Ready, on the node.</summary>
    protected async Task<ComposeApp> AppAsync(ComposeApp app)
    {
        await Kube.CreateAsync(app, Cancel);
        return await Expect.ReadyAsync<ComposeApp>(app.Metadata.Name, Cancel);
    }

    /// <summary>A node with an app that is Ready.</summary>
    protected async Task<ComposeApp> ServedAsync(ComposeApp? app = null)
    {
        await NodeAsync();
        return await AppAsync(app ?? A.App());
    }

    /// <summary>The one Machine.</summary>
    protected async Task<Machine> MachineAsync() => Assert.Single(await Kube.ListAsync<Machine>(Cancel));

    /// <summary>The engine of the one Machine.</summary>
    protected async Task<RecordOnlyEngine> EngineAsync() => Host.Engines.Engine((await MachineAsync()).Spec.MachineId);

    /// <summary>All containers of an app.</summary>
    protected async Task<IReadOnlyList<EngineContainer>> ContainersAsync(ComposeApp app) =>
        await (await EngineAsync()).ListContainersAsync(EngineNames.AppLabels(app.Metadata.Uid), Cancel);

    /// <summary>The container that takes the traffic of a service.</summary>
    protected async Task<EngineContainer> ServingAsync(ComposeApp app, string service = "web")
    {
        var alias = EngineNames.EdgeAlias(app.Metadata.Uid, service);
        return Assert.Single(
            await ContainersAsync(app),
            container => container.Networks.TryGetValue(EngineNames.EdgeNetwork, out var aliases) && aliases.Contains(alias)
        );
    }

    /// <summary>The app is refused with this reason, and its message says all of this.</summary>
    protected async Task<ComposeApp> RefusedAsync(string name, string type, string reason, params string[] said)
    {
        var app = await Expect.ConditionAsync<ComposeApp>(name, type, "False", reason, Cancel);
        var message = Expect.Find(app, type)!.Message;
        Assert.All(said, text => Assert.Contains(text, message, StringComparison.Ordinal));
        Assert.NotEqual("True", Expect.Find(app, "Ready")?.Status);
        return app;
    }
}
