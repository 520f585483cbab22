using System.Text;
using Sam.Operator.Clients.Docker;

namespace Sam.Tests.Docker;

public abstract partial class MachineLinkContract
{
    [Fact]
    public async Task A_network_is_ensured_once_and_removed_once()
    {
        var name = $"n-{Guid.NewGuid():N}";

        await Link.EnsureNetworkAsync(name, mine, null, false, Cancel);
        await Link.EnsureNetworkAsync(name, mine, null, false, Cancel);
        var listed = await Link.ListNetworksAsync(mine, Cancel);
        await Link.RemoveNetworkAsync(name, Cancel);
        await Link.RemoveNetworkAsync(name, Cancel);

        Assert.Equal([name], listed);
        Assert.Empty(await Link.ListNetworksAsync(mine, Cancel));
    }

    [Fact]
    public async Task Aliases_belong_to_a_network_and_connecting_may_be_repeated()
    {
        var (first, second) = ($"n-{Guid.NewGuid():N}", $"n-{Guid.NewGuid():N}");
        await Link.EnsureNetworkAsync(first, mine, null, false, Cancel);
        await Link.EnsureNetworkAsync(second, mine, null, false, Cancel);
        var id = await RunningAsync(Request() with { Network = first, NetworkAliases = ["web"] });

        await Link.ConnectAsync(second, id, ["other", "alias"], Cancel);
        await Link.ConnectAsync(second, id, ["other", "alias"], Cancel);
        var connected = await Link.InspectContainerAsync(id, Cancel);
        await Link.DisconnectAsync(first, id, Cancel);
        await Link.DisconnectAsync(first, id, Cancel);
        var left = await Link.InspectContainerAsync(id, Cancel);

        Assert.Equal(["web"], connected!.Networks[first]);
        Assert.Equal(["other", "alias"], connected.Networks[second]);
        Assert.Equal([second], left!.Networks.Keys);
    }

    [Fact]
    public async Task A_network_with_a_running_container_is_not_removed()
    {
        var name = $"n-{Guid.NewGuid():N}";
        await Link.EnsureNetworkAsync(name, mine, null, false, Cancel);
        var id = await RunningAsync(Request() with { Network = name });

        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.RemoveNetworkAsync(name, Cancel));
        await Link.RemoveContainerAsync(id, Cancel);
        await Link.RemoveNetworkAsync(name, Cancel);

        Assert.Equal(EngineErrorKind.Conflict, fault.Kind);
    }

    [Fact]
    public async Task A_missing_network_is_told()
    {
        var id = await RunningAsync();

        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.ConnectAsync("n-nowhere", id, [], Cancel));

        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_container_of_a_missing_network_does_not_start()
    {
        var id = await CreateAsync(Request() with { Network = "n-nowhere" });

        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.StartContainerAsync(id, Cancel));

        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_volume_keeps_files_between_containers_and_is_not_removed_while_one_has_it()
    {
        var name = $"v-{Guid.NewGuid():N}";
        await Link.EnsureVolumeAsync(name, mine, Cancel);
        await Link.EnsureVolumeAsync(name, mine, Cancel);
        var first = await CreateAsync(Request() with { Volumes = [new VolumeMount(name, "/data")] });
        await Link.PutFileAsync(first, new EngineFile("/data/note", "kept"u8.ToArray()), Cancel);
        var inUse = await Assert.ThrowsAsync<EngineException>(() => Link.RemoveVolumeAsync(name, Cancel));
        await Link.RemoveContainerAsync(first, Cancel);
        var second = await CreateAsync(Request() with { Volumes = [new VolumeMount(name, "/data", ReadOnly: true)] });
        var note = await Link.GetFileAsync(second, "/data/note", Cancel);
        await Link.RemoveContainerAsync(second, Cancel);
        var listed = await Link.ListVolumesAsync(mine, Cancel);
        await Link.RemoveVolumeAsync(name, Cancel);
        await Link.RemoveVolumeAsync(name, Cancel);

        Assert.Equal(EngineErrorKind.Conflict, inUse.Kind);
        Assert.Equal("kept", Encoding.UTF8.GetString(note!));
        Assert.Equal([name], listed);
        Assert.Empty(await Link.ListVolumesAsync(mine, Cancel));
    }

    [Fact]
    public async Task A_file_is_written_and_read_whether_the_container_runs_or_not()
    {
        var id = await CreateAsync(Request());
        var content = new byte[200_000];
        new Random(7).NextBytes(content);

        await Link.PutFileAsync(id, new EngineFile("/tmp/before", content), Cancel);
        await Link.StartContainerAsync(id, Cancel);
        await Link.PutFileAsync(id, new EngineFile("/tmp/after", "x"u8.ToArray()), Cancel);
        await Link.PutFileAsync(id, new EngineFile("/tmp/after", "y"u8.ToArray()), Cancel);

        Assert.Equal(content, await Link.GetFileAsync(id, "/tmp/before", Cancel));
        Assert.Equal("y"u8.ToArray(), await Link.GetFileAsync(id, "/tmp/after", Cancel));
        Assert.Null(await Link.GetFileAsync(id, "/tmp/never", Cancel));
        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.GetFileAsync("nobody", "/tmp/x", Cancel));
        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_folder_is_carried_from_one_container_to_another()
    {
        var from = await CreateAsync(Request());
        await Link.PutFileAsync(from, new EngineFile("/tmp/first", "1"u8.ToArray()), Cancel);
        await Link.PutFileAsync(from, new EngineFile("/tmp/second", "2"u8.ToArray()), Cancel);

        var archive = await Link.GetFolderAsync(from, "/tmp", Cancel);
        var to = await CreateAsync(Request());
        await Link.PutFolderAsync(to, "/", archive, Cancel);

        Assert.Equal("1"u8.ToArray(), await Link.GetFileAsync(to, "/tmp/first", Cancel));
        Assert.Equal("2"u8.ToArray(), await Link.GetFileAsync(to, "/tmp/second", Cancel));
        Assert.Null(await Link.GetFolderAsync(from, "/never", Cancel));
        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.GetFolderAsync("nobody", "/tmp", Cancel));
        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task An_image_that_a_container_uses_is_listed_and_not_removed()
    {
        await CreateAsync(Request());

        var image = Assert.Single(await Link.ListImagesAsync(Cancel), image => image.Tags.Contains(Runs));
        var removed = new List<bool>();
        foreach (var reference in image.Digests.Concat(image.Tags))
            removed.Add(await Link.RemoveImageAsync(reference, Cancel));

        // Other names of it may go; the last one stays as long as a container is made of it.
        Assert.False(removed[^1]);
        Assert.True(await Link.HasImageAsync(Runs, Cancel));
        Assert.True(image.SizeBytes > 0);
        Assert.True(await Link.RemoveImageAsync("sam/nowhere:1", Cancel));
    }

    [Fact]
    public async Task A_command_gets_its_input_to_the_end_and_gives_output_and_exit_code()
    {
        var id = await RunningAsync();

        var echoed = await Link.ExecAsync(id, ["cat"], "first\nsecond\n"u8.ToArray(), Cancel);
        var failed = await Link.ExecAsync(id, ["sh", "-c", "echo out; echo err >&2; exit 7"], default, Cancel);

        Assert.Equal(new ExecResult(0, "first\nsecond\n", ""), echoed);
        Assert.Equal(new ExecResult(7, "out\n", "err\n"), failed);
    }

    [Fact]
    public async Task A_command_needs_a_running_container()
    {
        var id = await CreateAsync(Request());

        var stopped = await Assert.ThrowsAsync<EngineException>(() => Link.ExecAsync(id, ["true"], default, Cancel));
        var missing = await Assert.ThrowsAsync<EngineException>(() => Link.ExecAsync("nobody", ["true"], default, Cancel));

        Assert.Equal(EngineErrorKind.Conflict, stopped.Kind);
        Assert.Equal(EngineErrorKind.NotFound, missing.Kind);
    }

    [Fact]
    public async Task A_prepared_command_starts_once_and_its_end_is_known()
    {
        var id = await RunningAsync();

        var exec = await Link.CreateExecAsync(id, ["sh", "-c", "echo out; echo err >&2; exit 7"], Cancel);
        var before = await Link.InspectExecAsync(exec, Cancel);
        var result = await Link.StartExecAsync(exec, TimeSpan.FromMinutes(1), Cancel);
        var after = await Link.InspectExecAsync(exec, Cancel);
        var again = await Assert.ThrowsAsync<EngineException>(() => Link.StartExecAsync(exec, TimeSpan.FromMinutes(1), Cancel));

        Assert.Equal(new ExecState(id, Running: false, ExitCode: null), before);
        Assert.Equal(new ExecResult(7, "out\n", "err\n"), result);
        Assert.Equal(new ExecState(id, Running: false, ExitCode: 7), after);
        Assert.Equal(EngineErrorKind.Conflict, again.Kind);
    }

    [Fact]
    public async Task A_prepared_command_is_forgotten_with_its_container()
    {
        var id = await RunningAsync();
        var exec = await Link.CreateExecAsync(id, ["true"], Cancel);
        await Link.RemoveContainerAsync(id, Cancel);

        var state = await Link.InspectExecAsync(exec, Cancel);
        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.StartExecAsync(exec, TimeSpan.FromMinutes(1), Cancel));

        Assert.Null(state);
        Assert.Equal(EngineErrorKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task Events_tell_a_containers_life_in_order()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var events = Link.WatchEventsAsync(
                new EngineEventFilter { Types = ["container"], Labels = mine },
                () => { },
                stop.Token
            )
            .GetAsyncEnumerator(stop.Token);
        var first = events.MoveNextAsync().AsTask();
        // Who listens hears only what comes after: containers of no other use come and go until one is heard of.
        for (var turn = 0; turn < Turns && !first.IsCompleted; turn++)
        {
            await Link.RemoveContainerAsync(await CreateAsync(Request()), Cancel);
            await PassAsync();
        }

        Assert.True(first.IsCompleted && await first, "no event was told");
        var id = await RunningAsync(Request(Exits));
        await EventuallyAsync(id, c => c.State == ContainerState.Exited);
        await Link.RemoveContainerAsync(id, Cancel);

        var seen = new List<string>();
        while (seen.LastOrDefault() != "destroy" && await events.MoveNextAsync())
        {
            Assert.Equal(mine["contract"], events.Current.Attributes["contract"]);
            if (events.Current.Id == id)
                seen.Add(events.Current.Action);
        }

        Assert.Equal(["create", "start", "die", "destroy"], seen.Where(a => a is "create" or "start" or "die" or "destroy"));
    }

    [Fact]
    public async Task Events_of_networks_and_volumes_are_told_and_others_are_left_out()
    {
        var (network, volume) = ($"n-{Guid.NewGuid():N}", $"v-{Guid.NewGuid():N}");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var filter = new EngineEventFilter
        {
            Types = ["container", "network", "volume"],
            Actions = ["destroy", "disconnect", "pause", "health_status"],
        };
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var events = Link.WatchEventsAsync(filter, opened.SetResult, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();
        await opened.Task.WaitAsync(Cancel);
        await Link.EnsureNetworkAsync(network, mine, null, false, Cancel);
        await Link.EnsureVolumeAsync(volume, mine, Cancel);
        var id = await RunningAsync(Request());
        await Link.ConnectAsync(network, id, [], Cancel);

        await Link.DisconnectAsync(network, id, Cancel);
        await Link.RemoveContainerAsync(id, Cancel);
        await Link.RemoveNetworkAsync(network, Cancel);
        await Link.RemoveVolumeAsync(volume, Cancel);

        var seen = new List<EngineEvent>();
        while (!seen.Exists(e => e.Type == "volume" && e.Id == volume) && await next)
        {
            seen.Add(events.Current);
            next = events.MoveNextAsync().AsTask();
        }

        await stop.CancelAsync();
        Assert.Contains(seen, e => e is { Type: "network", Action: "disconnect" } && e.Attributes["name"] == network);
        Assert.Contains(seen, e => e is { Type: "network", Action: "disconnect" } && e.Attributes["container"] == id);
        Assert.Contains(seen, e => e is { Type: "container", Action: "destroy" } && e.Id == id);
        Assert.Contains(seen, e => e is { Type: "network", Action: "destroy" } && e.Attributes["name"] == network);
        Assert.DoesNotContain(seen, e => e.Action is "create" or "start" or "connect");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
