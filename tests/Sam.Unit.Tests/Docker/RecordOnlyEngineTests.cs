using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Tests.Docker;

/// <summary>What the record-only engine adds to the contract: scripts, faults, power.</summary>
public sealed class RecordOnlyEngineTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordOnlyEngine engine;

    public RecordOnlyEngineTests() => engine = new RecordOnlyEngine(time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task Any_image_exists_and_turns_healthy_after_a_moment()
    {
        var id = await RunAsync("any/thing:7", health: true);
        time.Advance(TimeSpan.FromSeconds(1.9));
        var before = await engine.InspectContainerAsync(id, Cancel);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var after = await engine.InspectContainerAsync(id, Cancel);

        Assert.Equal((ContainerHealth.Starting, ContainerHealth.Healthy), (before!.Health, after!.Health));
    }

    [Fact]
    public async Task A_script_holds_for_the_tag_and_for_its_digest()
    {
        engine.Script.Image("app:bad", new ImageScript { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromSeconds(3) });
        var digest = await engine.ResolveDigestAsync("app:bad", null, Cancel);

        var id = await RunAsync($"app@{digest}", health: true);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(ContainerHealth.Unhealthy, (await engine.InspectContainerAsync(id, Cancel))!.Health);
    }

    [Fact]
    public async Task A_refusal_is_thrown_as_told_until_it_is_lifted()
    {
        engine.Script.Missing("gone:1").Refuse("private:1", EngineErrorKind.RegistryUnauthorized);

        var gone = await Assert.ThrowsAsync<EngineException>(() => engine.ResolveDigestAsync("gone:1", null, Cancel));
        var refused = await Assert.ThrowsAsync<EngineException>(() => engine.PullImageAsync("private:1", null, Cancel));
        engine.Script.Refuse("private:1", null);
        await engine.PullImageAsync("private:1", null, Cancel);

        Assert.Equal((EngineErrorKind.ImageNotFound, EngineErrorKind.RegistryUnauthorized), (gone.Kind, refused.Kind));
    }

    [Fact]
    public async Task A_lost_answer_leaves_its_effect()
    {
        await engine.PullImageAsync("app:1", null, Cancel);
        engine.Faults.LoseAnswer("CreateContainer").Fail("InspectContainer", EngineErrorKind.Server);

        var lost = await Assert.ThrowsAsync<EngineException>(() => engine.CreateContainerAsync(Request("app:1", "c"), Cancel));
        var failed = await Assert.ThrowsAsync<EngineException>(() => engine.InspectContainerAsync("c", Cancel));
        var again = await Assert.ThrowsAsync<EngineException>(() => engine.CreateContainerAsync(Request("app:1", "c"), Cancel));

        Assert.Equal(
            (EngineErrorKind.Unreachable, EngineErrorKind.Server, EngineErrorKind.NameTaken),
            (lost.Kind, failed.Kind, again.Kind)
        );
        Assert.NotNull(await engine.InspectContainerAsync("c", Cancel));
    }

    [Fact]
    public async Task Latency_passes_in_the_engines_own_time()
    {
        engine.Faults.Slow("Ping", TimeSpan.FromSeconds(4));

        var ping = engine.PingAsync(Cancel);
        time.Advance(TimeSpan.FromSeconds(3.9));
        var early = ping.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(0.1));
        await ping;

        Assert.False(early);
    }

    [Fact]
    public async Task An_engine_that_is_down_does_not_answer_and_ends_its_streams()
    {
        var id = await RunAsync("app:1", health: true);
        await using var events = engine.WatchEventsAsync(new EngineEventFilter(), () => { }, Cancel).GetAsyncEnumerator(Cancel);
        var next = events.MoveNextAsync();
        engine.GoDown();

        var call = await Assert.ThrowsAsync<EngineException>(() => engine.PingAsync(Cancel));
        var stream = await Assert.ThrowsAsync<EngineException>(async () => await next);
        time.Advance(TimeSpan.FromMinutes(1));
        engine.ComeUp();

        Assert.Equal((EngineErrorKind.Unreachable, EngineErrorKind.Unreachable), (call.Kind, stream.Kind));
        Assert.Equal(ContainerHealth.Healthy, (await engine.InspectContainerAsync(id, Cancel))!.Health);
    }

    [Theory]
    [InlineData("no", false, ContainerState.Exited)]
    [InlineData("on-failure", false, ContainerState.Running)]
    [InlineData("unless-stopped", false, ContainerState.Running)]
    [InlineData("always", false, ContainerState.Running)]
    [InlineData("unless-stopped", true, ContainerState.Exited)]
    [InlineData("always", true, ContainerState.Running)]
    public async Task A_power_cycle_applies_restart_policies(string policy, bool stoppedByHand, ContainerState expected)
    {
        var id = await RunAsync("app:1", health: false, policy);
        if (stoppedByHand)
        {
            await engine.StopContainerAsync(id, TimeSpan.Zero, Cancel);
        }

        engine.PowerCycle();

        Assert.Equal(expected, (await engine.InspectContainerAsync(id, Cancel))!.State);
    }

    [Fact]
    public async Task Crash_loops_back_off_and_count()
    {
        engine.Script.Image("app:1", new ImageScript { ExitsAfter = TimeSpan.FromSeconds(1), ExitCode = 5 });
        var id = await RunAsync("app:1", health: false, "always");

        time.Advance(TimeSpan.FromSeconds(1));
        var restarting = await engine.InspectContainerAsync(id, Cancel);
        time.Advance(TimeSpan.FromSeconds(10));
        var later = await engine.InspectContainerAsync(id, Cancel);

        Assert.Equal((ContainerState.Restarting, 5), (restarting!.State, restarting.ExitCode));
        Assert.InRange(later!.RestartCount, 4, 8);
    }

    [Fact]
    public async Task A_hook_sees_input_and_files_and_a_port_is_given_once()
    {
        var seen = "";
        engine.Script.OnExec(
            c => c.Command[0] == "load",
            c =>
            {
                seen = c.InputText;
                return new ExecResult(0, "ok", "");
            }
        );
        await engine.PullImageAsync("caddy:1", null, Cancel);
        var first = await engine.CreateContainerAsync(
            Request("caddy:1", "a") with
            {
                Ports = [new PublishedPort(80, 80)],
            },
            Cancel
        );
        var second = await engine.CreateContainerAsync(
            Request("caddy:1", "b") with
            {
                Ports = [new PublishedPort(80, 80)],
            },
            Cancel
        );
        await engine.StartContainerAsync(first, Cancel);

        var fault = await Assert.ThrowsAsync<EngineException>(() => engine.StartContainerAsync(second, Cancel));
        var result = await engine.ExecAsync(first, ["load"], "config"u8.ToArray(), Cancel);

        Assert.Equal(EngineErrorKind.Server, fault.Kind);
        Assert.Equal(("config", "ok"), (seen, result.Output));
        Assert.Equal(1, engine.CountOf("Exec"));
    }

    private async Task<string> RunAsync(string image, bool health, string policy = "no")
    {
        await engine.PullImageAsync(image, null, Cancel);
        var request = Request(image, $"c-{engine.CountOf("CreateContainer")}") with { RestartPolicy = policy };
        var probe = new HealthProbe(["CMD", "true"], null, null, null, null);
        var id = await engine.CreateContainerAsync(health ? request with { Health = probe } : request, Cancel);
        await engine.StartContainerAsync(id, Cancel);
        return id;
    }

    private static ContainerRequest Request(string image, string name) => new() { Name = name, Image = image };
}
