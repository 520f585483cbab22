using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Policy;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Testing;

namespace Sam.Unit.Tests.Policy;

/// <summary>A new policy wakes what the old one decided.</summary>
public sealed class PolicyWatchTests
{
    [Fact]
    public async Task A_changed_file_wakes_every_Project_and_node_once()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "policy.yaml");
        await File.WriteAllTextAsync(path, "rules: []", TestContext.Current.CancellationToken);
        var (time, file) = (
            new FakeTimeProvider(),
            new PolicyFile(path, new PolicyMetrics(Metrics.NewCustomRegistry()), NullLogger<PolicyFile>.Instance)
        );
        Assert.Empty(file.Current.Rules);
        var (projects, nodes) = (new Fakes<Project>("acme"), new Fakes<DeploymentNode>("edge"));
        using var watch = new PolicyWatch(file, projects, projects, nodes, nodes, time);
        await watch.StartAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(projects.Woken);
        await File.WriteAllTextAsync(path, "rules: [{name: a, namespaces: [b]}]", TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(time, () => nodes.Woken.Count > 0);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["demo/acme"], projects.Woken);
        Assert.Equal(["demo/edge"], nodes.Woken);
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    // The watch runs on the thread pool; the clock goes on until it has looked.
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> done) =>
        Poll.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(done());
            },
            () => Task.FromResult("the watch did not look"),
            TestContext.Current.CancellationToken
        );

    private sealed class Fakes<TEntity>(string name) : IResourceStore<TEntity>, IRequeue<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>, new()
    {
        private readonly List<string> _woken = [];

        public IReadOnlyList<string> Woken
        {
            get
            {
                lock (_woken)
                    return [.. _woken];
            }
        }

        public TEntity? Get(string @namespace, string name) => default;

        public IReadOnlyCollection<TEntity> List(string? @namespace = null) =>
            [
                new TEntity
                {
                    Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "demo" },
                },
            ];

        public IReadOnlyCollection<TEntity> ByIndex(string index, string key) => [];

        public void Enqueue(string @namespace, string name)
        {
            lock (_woken)
                _woken.Add($"{@namespace}/{name}");
        }

        public void EnqueueAfter(string @namespace, string name, TimeSpan delay) => Enqueue(@namespace, name);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sam-policy-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
