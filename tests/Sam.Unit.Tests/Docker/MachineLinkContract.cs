using System.Collections.Immutable;
using Sam.Operator.Clients.Docker;

namespace Sam.Tests.Docker;

/// <summary>What every <see cref="IMachineLink"/> keeps: run against the record-only engine always, and against a real one where there is one.</summary>
public abstract partial class MachineLinkContract : IAsyncLifetime
{
    protected const string Runs = "sam/runs:1";
    protected const string Exits = "sam/exits:3";
    protected const string Speaks = "sam/speaks:1";

    private readonly Dictionary<string, string> mine = new(StringComparer.Ordinal)
    {
        ["contract"] = Guid.NewGuid().ToString("N"),
    };

    protected abstract IMachineLink Link { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var container in await Link.ListContainersAsync(mine, CancellationToken.None))
        {
            await Link.RemoveContainerAsync(container.Id, CancellationToken.None);
        }

        foreach (var network in await Link.ListNetworksAsync(mine, CancellationToken.None))
        {
            await Link.RemoveNetworkAsync(network, CancellationToken.None);
        }

        foreach (var volume in await Link.ListVolumesAsync(mine, CancellationToken.None))
        {
            await Link.RemoveVolumeAsync(volume, CancellationToken.None);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>How many moments a test waits before it fails: three minutes of a real engine, whose machine may be busy.</summary>
    private const int Turns = 3600;

    /// <summary>Lets a moment pass: virtual or real.</summary>
    protected abstract Task PassAsync();

    [Fact]
    public async Task A_container_goes_from_created_to_running_to_exited_to_gone()
    {
        var id = await CreateAsync(Request());
        var created = await Link.InspectContainerAsync(id, Cancel);
        await Link.StartContainerAsync(id, Cancel);
        var running = await Link.InspectContainerAsync(id, Cancel);
        await Link.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancel);
        var stopped = await Link.InspectContainerAsync(id, Cancel);
        await Link.RemoveContainerAsync(id, Cancel);

        Assert.Equal(ContainerState.Created, created!.State);
        Assert.Null(created.StartedAt);
        Assert.Equal(ContainerState.Running, running!.State);
        Assert.NotNull(running.StartedAt);
        Assert.Equal(ContainerState.Exited, stopped!.State);
        Assert.NotNull(stopped.FinishedAt);
        Assert.Null(await Link.InspectContainerAsync(id, Cancel));
    }

    [Fact]
    public async Task Start_stop_and_remove_may_be_repeated()
    {
        var id = await CreateAsync(Request());

        await Link.StartContainerAsync(id, Cancel);
        await Link.StartContainerAsync(id, Cancel);
        await Link.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancel);
        await Link.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancel);
        await Link.RemoveContainerAsync(id, Cancel);
        await Link.RemoveContainerAsync(id, Cancel);
        await Link.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancel);

        Assert.Null(await Link.InspectContainerAsync(id, Cancel));
    }

    [Fact]
    public async Task A_missing_container_cannot_be_started()
    {
        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.StartContainerAsync("nobody", Cancel));

        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_taken_name_is_refused_as_such()
    {
        var request = Request();
        await CreateAsync(request);

        var fault = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(request));

        Assert.Equal(EngineErrorKind.NameTaken, fault.Kind);
    }

    [Fact]
    public async Task A_missing_image_is_told_at_create()
    {
        var fault = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(Request() with { Image = "sam/nowhere:1" }));

        Assert.Equal(EngineErrorKind.ImageNotFound, fault.Kind);
        Assert.False(await Link.HasImageAsync("sam/nowhere:1", Cancel));
        Assert.True(await Link.HasImageAsync(Runs, Cancel));
    }

    [Fact]
    public async Task A_container_is_found_by_name_and_by_all_of_its_labels()
    {
        var request = Request() with { Labels = mine.ToImmutableDictionary().Add("part", "one") };
        var id = await CreateAsync(request);
        await CreateAsync(Request());

        var byName = await Link.InspectContainerAsync(request.Name, Cancel);
        var byLabels = await Link.ListContainersAsync(request.Labels, Cancel);

        Assert.Equal(id, byName!.Id);
        Assert.Equal("one", byName.Labels["part"]);
        Assert.Equal(request.Image, byName.Image);
        Assert.Equal(id, Assert.Single(byLabels).Id);
    }

    [Fact]
    public async Task An_exit_code_and_a_restart_policy_are_kept()
    {
        var once = await CreateAsync(Request(Exits));
        var thrice = await CreateAsync(Request(Exits) with { RestartPolicy = "on-failure", RestartRetries = 2 });
        await Link.StartContainerAsync(once, Cancel);
        await Link.StartContainerAsync(thrice, Cancel);

        var ended = await EventuallyAsync(once, c => c.State == ContainerState.Exited);
        var restarted = await EventuallyAsync(thrice, c => c is { State: ContainerState.Exited, RestartCount: 2 });

        Assert.Equal((3, 0), (ended.ExitCode, ended.RestartCount));
        Assert.Equal(3, restarted.ExitCode);
    }

    [Fact]
    public async Task A_health_check_turns_healthy()
    {
        var probe = new HealthProbe(["CMD", "true"], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), null, 1);
        var id = await CreateAsync(Request() with { Health = probe });
        var plain = await CreateAsync(Request());
        await Link.StartContainerAsync(plain, Cancel);
        await Link.StartContainerAsync(id, Cancel);

        var starting = await Link.InspectContainerAsync(id, Cancel);
        await EventuallyAsync(id, c => c.Health == ContainerHealth.Healthy);

        Assert.Equal(ContainerHealth.Starting, starting!.Health);
        Assert.Equal(ContainerHealth.None, (await Link.InspectContainerAsync(plain, Cancel))!.Health);
    }

    [Fact]
    public async Task The_log_shows_its_last_lines()
    {
        var id = await CreateAsync(Request(Speaks));
        await Link.StartContainerAsync(id, Cancel);
        await EventuallyAsync(
            id,
            async _ => (await Link.TailLogsAsync(id, 100, Cancel)).Contains("line 9", StringComparison.Ordinal)
        );

        Assert.Equal("line 8\nline 9\n", await Link.TailLogsAsync(id, 2, Cancel));
    }

    [Fact]
    public async Task The_engine_tells_of_itself()
    {
        await Link.PingAsync(Cancel);
        var info = await Link.InfoAsync(Cancel);

        Assert.NotEmpty(info.Version);
        Assert.True(Version.Parse(info.ApiVersion) >= new Version(1, 41));
        Assert.True(info is { Cpus: > 0, MemoryBytes: > 0 });
    }

    protected ContainerRequest Request(string image = Runs) =>
        new()
        {
            Name = $"c-{Guid.NewGuid():N}",
            Image = image,
            Labels = mine.ToImmutableDictionary(),
            Init = true,
        };

    protected Task<string> CreateAsync(ContainerRequest request) => Link.CreateContainerAsync(request, Cancel);

    protected async Task<string> RunningAsync(ContainerRequest? request = null)
    {
        var id = await CreateAsync(request ?? Request());
        await Link.StartContainerAsync(id, Cancel);
        return id;
    }

    protected Task<EngineContainer> EventuallyAsync(string id, Func<EngineContainer, bool> holds) =>
        EventuallyAsync(id, c => Task.FromResult(holds(c)));

    protected async Task<EngineContainer> EventuallyAsync(string id, Func<EngineContainer, Task<bool>> holds)
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            var container = await Link.InspectContainerAsync(id, Cancel);
            if (await holds(container!))
            {
                return container!;
            }

            await PassAsync();
        }

        throw new TimeoutException($"not reached; last seen: {await Link.InspectContainerAsync(id, Cancel)}");
    }
}
