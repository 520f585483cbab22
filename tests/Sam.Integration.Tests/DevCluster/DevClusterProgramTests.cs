namespace Sam.Integration.Tests.DevCluster;

/// <summary>What <c>make dev-cluster</c> runs.</summary>
public sealed class DevClusterProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-dev-cluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(false), InlineData(true)]
    public async Task It_says_when_it_is_ready_and_ends_in_order_with_watches_open(bool isInterrupted)
    {
        await using var process = new DevClusterProcess(_folder);
        using var client = await process.ConnectAsync();
        using var watch = await client.WatchAsync("resourceVersion=0");

        var code = await (isInterrupted ? process.InterruptAsync() : process.TerminateAsync());

        Assert.Equal(0, code);
        Assert.Contains("ready: dev cluster at https://127.0.0.1:", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kubeconfig_is_for_its_owner_and_works_at_once()
    {
        await using var process = new DevClusterProcess(_folder);
        using var client = await process.ConnectAsync();

        Assert.Equal(200, await client.CodeOf(ClusterClient.ConfigMaps));
        Assert.Equal([process.KubeconfigPath], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(process.KubeconfigPath));
    }

    [Fact]
    public async Task Two_run_side_by_side()
    {
        await using var one = new DevClusterProcess(_folder, name: "one");
        await using var two = new DevClusterProcess(_folder, name: "two");
        using var first = await one.ConnectAsync();
        using var second = await two.ConnectAsync();

        await first.CreateAsync("a");

        Assert.Equal(200, await first.CodeOf($"{ClusterClient.ConfigMaps}/a"));
        Assert.Equal(404, await second.CodeOf($"{ClusterClient.ConfigMaps}/a"));
    }

    [Fact]
    public async Task A_port_or_a_file_that_is_taken_is_one_clear_line()
    {
        var data = $"--data {Path.Combine(_folder, "data")}";
        await using var one = new DevClusterProcess(_folder, data);
        using var client = await one.ConnectAsync();

        await using var samePort = new DevClusterProcess(_folder, $"--port {client.Http.BaseAddress!.Port}", "two");
        await using var sameFile = new DevClusterProcess(_folder, data, "three");

        Assert.Equal((1, 1), (await samePort.EndAsync(), await sameFile.EndAsync()));
        Assert.Contains("address already in use", samePort.Output, StringComparison.Ordinal);
        Assert.Contains("held by another dev cluster", sameFile.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "two")));
    }

    [Fact]
    public async Task With_a_data_file_objects_and_their_versions_are_there_after_an_end_and_a_start()
    {
        var data = $"--data {Path.Combine(_folder, "data")}";
        string before;
        await using (var first = new DevClusterProcess(_folder, data))
        {
            using var client = await first.ConnectAsync();
            await client.CreateAsync("gone");
            await client.CreateAsync("a");
            await client.CreateAsync("b", "text");
            await client.SendAsync(HttpMethod.Delete, $"{ClusterClient.ConfigMaps}/gone");
            before = await ListAsync(client);
            Assert.Equal(0, await first.TerminateAsync());
        }

        await using var second = new DevClusterProcess(_folder, data);
        using var again = await second.ConnectAsync();

        Assert.Equal(before, await ListAsync(again));
        var (code, made) = await again.CreateAsync("c");
        Assert.Equal(201, code);
        Assert.DoesNotContain($"\"{(string)made!["metadata"]!["resourceVersion"]!}\"", before, StringComparison.Ordinal);
    }

    private static async Task<string> ListAsync(ClusterClient client)
    {
        var (code, list) = await client.SendAsync(HttpMethod.Get, ClusterClient.ConfigMaps);
        Assert.Equal(200, code);
        Assert.Contains("\"name\":\"b\"", list!["items"]!.ToJsonString(), StringComparison.Ordinal);
        return list["items"]!.ToJsonString();
    }
}
