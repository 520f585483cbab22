using System.Diagnostics;
using System.Security.Cryptography;
using Sam.Operator.Clients.Docker;

namespace Sam.EndToEnd.Tests.Docker;

/// <summary>What only a real engine can show: identity, lost connections, and output that is not lost.</summary>
[Collection("dockerd")]
public sealed class DockerMachineLinkTests(DockerdFixture engine, ITestOutputHelper output) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IMachineLink Link => engine.Links.For(engine.Endpoint);

    public ValueTask InitializeAsync()
    {
        DockerMachineLinkContractTests.RequireEngine(engine);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task No_output_of_quick_and_slow_commands_is_lost()
    {
        var id = await RunningAsync();
        var clock = Stopwatch.StartNew();

        var quick = await RunManyAsync(id, 100, n => ["echo", $"quick {n}"]);
        output.WriteLine($"100 quick: {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        var slow = await RunManyAsync(id, 50, n => ["sh", "-c", $"sleep 0.05; echo slow {n}"]);
        output.WriteLine($"50 slow: {clock.ElapsedMilliseconds} ms");
        await Link.RemoveContainerAsync(id, Cancel);

        Assert.Equal(Enumerable.Range(0, 100).Select(n => new ExecResult(0, $"quick {n}\n", "")), quick);
        Assert.Equal(Enumerable.Range(0, 50).Select(n => new ExecResult(0, $"slow {n}\n", "")), slow);
    }

    [Fact]
    public async Task Big_input_comes_back_whole_and_endless_output_is_bounded()
    {
        var id = await RunningAsync();
        var text = new string('x', 900_000);

        var echoed = await Link.ExecAsync(id, ["cat"], System.Text.Encoding.UTF8.GetBytes(text), Cancel);
        var flood = await Link.ExecAsync(id, ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' z"], default, Cancel);
        var deaf = await Link.ExecAsync(id, ["true"], System.Text.Encoding.UTF8.GetBytes(text), Cancel);
        await Link.RemoveContainerAsync(id, Cancel);

        Assert.Equal(text, echoed.Output);
        Assert.Equal(1024 * 1024, flood.Output.Length);
        Assert.Equal(0, deaf.ExitCode);
    }

    [Fact]
    public async Task A_command_whose_child_keeps_the_output_open_ends_all_the_same()
    {
        var id = await RunningAsync();

        var result = await Link.ExecAsync(id, ["sh", "-c", "sleep 300 & echo started"], default, Cancel);
        await Link.RemoveContainerAsync(id, Cancel);

        Assert.Equal((0, "started\n"), (result.ExitCode, result.Output));
        output.WriteLine($"complete: {result.OutputComplete}");
    }

    [Fact]
    public async Task An_engine_with_another_key_is_refused()
    {
        using var links = new DockerMachineLinks(
            new EngineIdentity(RandomNumberGenerator.GetBytes(32)),
            () => engine.Identity,
            engine.Options,
            TimeProvider.System
        );

        var fault = await Assert.ThrowsAsync<EngineException>(() => links.For(engine.Endpoint).PingAsync(Cancel));

        Assert.Equal(EngineErrorKind.IdentityRefused, fault.Kind);
    }

    [Fact]
    public async Task A_client_of_another_authority_is_refused()
    {
        using var stranger = OperatorIdentity.Parse(OperatorIdentity.Create("stranger", TimeProvider.System.GetUtcNow()));

        var kinds = new List<EngineErrorKind>();
        for (var n = 0; n < 10; n++)
        {
            // A new link each time: whether the alert or a reset arrives first is a matter of luck.
            using var links = new DockerMachineLinks(engine.Engines, () => stranger, engine.Options, TimeProvider.System);
            var fault = await Assert.ThrowsAsync<EngineException>(() => links.For(engine.Endpoint).PingAsync(Cancel));
            kinds.Add(fault.Kind);
        }

        Assert.All(kinds, kind => Assert.Equal(EngineErrorKind.IdentityRefused, kind));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        await using var stream = await engine.Options.Dial(
            new(System.Net.IPAddress.Parse(engine.Endpoint.Address), engine.Endpoint.Port),
            Cancel
        );
        await using var tls = new System.Net.Security.SslStream(stream, false, (_, certificate, _, _) => certificate is not null);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync("engine");
            await tls.WriteAsync("GET /_ping HTTP/1.1\r\nHost: e\r\n\r\n"u8.ToArray(), Cancel);
            await tls.ReadExactlyAsync(new byte[1], Cancel);
        });
    }

    [Fact]
    public async Task An_engine_that_was_killed_is_found_again_and_its_containers_too()
    {
        var id = await RunningAsync();
        await engine.KillAsync();
        var down = await Assert.ThrowsAsync<EngineException>(() => Link.PingAsync(Cancel));
        var clock = Stopwatch.StartNew();
        var atOnce = await Assert.ThrowsAsync<EngineException>(() => Link.InspectContainerAsync(id, Cancel));
        output.WriteLine($"failed fast in {clock.Elapsed.TotalMilliseconds:F1} ms");
        await engine.StartAsync();
        clock.Restart();
        while (!await IsUpAsync())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(3), "the engine was not found again");
            await Task.Delay(20, Cancel);
        }

        output.WriteLine($"back after {clock.ElapsedMilliseconds} ms");
        var container = await Link.InspectContainerAsync(id, Cancel);
        await Link.RemoveContainerAsync(id, Cancel);

        Assert.Equal(EngineErrorKind.Unreachable, down.Kind);
        Assert.Equal(EngineErrorKind.Unreachable, atOnce.Kind);
        Assert.Equal(ContainerState.Running, container!.State);
    }

    [Fact]
    public async Task Pings_are_cheap()
    {
        await Link.PingAsync(Cancel);
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < 200; n++)
        {
            await Link.PingAsync(Cancel);
        }

        output.WriteLine($"200 pings: {clock.Elapsed.TotalMilliseconds:F0} ms");
        using var fresh = new DockerMachineLinks(engine.Engines, () => engine.Identity, engine.Options, TimeProvider.System);
        clock.Restart();
        await fresh.For(engine.Endpoint).PingAsync(Cancel);
        output.WriteLine($"first ping of a new link: {clock.Elapsed.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_typed()
    {
        var pull = await Assert.ThrowsAsync<EngineException>(() =>
            Link.PullImageAsync("127.77.0.99:5000/no/such:1", null, Cancel)
        );
        var resolve = await Assert.ThrowsAsync<EngineException>(() =>
            Link.ResolveDigestAsync("127.77.0.99:5000/no/such:1", new RegistryLogin("127.77.0.99:5000", "u", "p", null), Cancel)
        );

        Assert.Equal(EngineErrorKind.RegistryUnreachable, pull.Kind);
        Assert.Equal(EngineErrorKind.RegistryUnreachable, resolve.Kind);
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            await Link.PingAsync(Cancel);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private async Task<string> RunningAsync()
    {
        var request = new ContainerRequest
        {
            Name = $"c-{Guid.NewGuid():N}",
            Image = "sam/runs:1",
            Init = true,
        };
        var id = await Link.CreateContainerAsync(request, Cancel);
        await Link.StartContainerAsync(id, Cancel);
        return id;
    }

    private async Task<List<ExecResult>> RunManyAsync(string id, int count, Func<int, string[]> command)
    {
        var results = new List<ExecResult>();
        for (var n = 0; n < count; n++)
        {
            results.Add(await Link.ExecAsync(id, command(n), default, Cancel));
        }

        return results;
    }
}
