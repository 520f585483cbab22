using Sam.Integration.Tests.Kit;
using Sam.Testing.Clusters;

[assembly: AssemblyFixture(typeof(SharedCluster))]
// Tests wait far more than they work: more of them than cores keep the cores busy.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 8)]

namespace Sam.Integration.Tests.Kit;

/// <summary>One Kubernetes API for all tests that run the operator; each test has namespaces of its own.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    /// <summary>The cluster.</summary>
    public TestCluster Cluster { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Cluster = await TestCluster.StartAsync(TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
