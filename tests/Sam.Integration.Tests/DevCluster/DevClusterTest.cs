using Sam.DevCluster;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>A test with a dev cluster of its own.</summary>
public abstract class DevClusterTest : IAsyncLifetime
{
    private readonly Dictionary<(string Namespace, string Name), string> _services = [];

    private protected DevClusterServer Server { get; private set; } = null!;

    private protected ClusterApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await DevClusterServer.StartAsync(
            new DevClusterOptions { Services = (@namespace, name, _) => _services.GetValueOrDefault((@namespace, name)) },
            TestContext.Current.CancellationToken
        );
        Api = new ClusterApi(Server);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Api.Dispose();
        await Server.DisposeAsync();
    }

    private protected void Serve(string @namespace, string name, HttpsPeer peer) =>
        _services[(@namespace, name)] = peer.Address.Authority;

    private protected async Task CreateAsync(string path, string yaml)
    {
        var answer = await Api.PostAsync(path, yaml);
        Assert.True(answer.Status == 201, $"{path}: {answer.Body?.ToJsonString()}");
    }

    /// <summary>Grants rules to a user in the namespace <c>default</c>.</summary>
    private protected async Task GrantAsync(string user, string rules)
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
        await CreateAsync(
            $"{rbac}/roles",
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: '{user}'}}, rules: {rules}}}"
        );
        await CreateAsync(
            $"{rbac}/rolebindings",
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: '{user}'}}, subjects: [{{kind: User, name: '{user}'}}], roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: '{user}'}}}}"
        );
    }
}
