using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Crds;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Testing.Clusters;

/// <summary>
/// A namespace of one test, under a name nobody else has. Its end takes along what the operator can no longer give back, since everything outside
/// is simulated and gone; a cluster that outlives the tests is waited for.
/// </summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private static readonly string[] s_plurals = ["composeapps", "deploymentnodes", "machines", "projects"];

    private readonly TestCluster _cluster;
    private readonly KubernetesResourceClient<V1Namespace> _namespaces;

    private TestNamespace(TestCluster cluster, string name)
    {
        (_cluster, Name) = (cluster, name);
        _namespaces = new KubernetesResourceClient<V1Namespace>(cluster.Transport, new AlwaysLeader(), []);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes one; the label says who did, so that a run that was cut off can be swept up.</summary>
    public static async Task<TestNamespace> CreateAsync(TestCluster cluster, string name, CancellationToken cancellationToken)
    {
        var made = new TestNamespace(cluster, name);
        var labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "sam-tests" };
        await made._namespaces.CreateAsync(
            new V1Namespace
            {
                Metadata = new V1ObjectMeta { Name = name, Labels = labels },
            },
            cancellationToken
        );
        return made;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _namespaces.DeleteAsync("", Name, null, CancellationToken.None);
        foreach (var plural in s_plurals)
            await ReleaseAsync($"/apis/{Names.Group}/v1alpha1/namespaces/{Name}/{plural}");
        if (_cluster.Traits.OutlivesTests)
            await Poll.UntilAsync(
                async () => await _namespaces.GetAsync("", Name, CancellationToken.None) is null,
                () => Task.FromResult($"namespace {Name} is not gone"),
                CancellationToken.None
            );
    }

    /// <summary>Takes the finalizers off whatever the operator left.</summary>
    private async Task ReleaseAsync(string collection)
    {
        using var response = await _cluster.Transport.SendAsync(
            new TransportRequest(HttpMethod.Get, collection),
            CancellationToken.None
        );
        var list = await JsonNode.ParseAsync(response.Body);
        foreach (var item in list?["items"] as JsonArray ?? [])
        {
            if (item!["metadata"]!["finalizers"] is null)
                continue;
            var path = $"{collection}/{item["metadata"]!["name"]!.GetValue<string>()}";
            var patch = new TransportRequest(HttpMethod.Patch, path)
            {
                Body = """{"metadata":{"finalizers":null}}""",
                ContentType = "application/merge-patch+json",
            };
            using var answer = await _cluster.Transport.SendAsync(patch, CancellationToken.None);
            if (!answer.IsSuccess && answer.Code != 404)
                throw new InvalidOperationException($"{path}: {answer.Code}");
        }
    }
}
