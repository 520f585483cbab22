using Sam.Operator.Clients.Docker;
using Sam.Tests.Docker;

namespace Sam.EndToEnd.Tests.Docker;

/// <summary>The contract against a real Docker Engine over mutual TLS.</summary>
[Collection("dockerd")]
public sealed class DockerMachineLinkContractTests(DockerdFixture engine) : MachineLinkContract
{
    protected override IMachineLink Link => engine.Links.For(engine.Endpoint);

    public override ValueTask InitializeAsync()
    {
        RequireEngine(engine);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync() => engine.Missing is null ? base.DisposeAsync() : ValueTask.CompletedTask;

    protected override Task PassAsync() => Task.Delay(50, Cancel);

    internal static void RequireEngine(DockerdFixture engine)
    {
        if (engine.Missing is { } missing)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }
    }
}
