using System.Net;
using Sam.DevCluster;
using Sam.DevCluster.Faults;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>What a client may not do to the dev cluster.</summary>
public sealed class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_over_three_mebibytes_is_refused_and_one_below_is_not()
    {
        await using var server = await DevClusterServer.StartAsync(cancellationToken: Cancel);
        using var client = ClusterClient.Of(server);

        var (large, status) = await client.CreateAsync("large", new string('x', (3 * 1024 * 1024) + 1));
        var (_, rest) = await client.CreateAsync("small", new string('x', 1024));

        Assert.Equal(413, large);
        Assert.Equal("RequestEntityTooLarge", (string?)status!["reason"]);
        Assert.Equal("small", (string?)rest!["metadata"]!["name"]);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_times_out_and_a_watch_does_not()
    {
        var options = new DevClusterOptions { RequestTimeout = TimeSpan.FromMilliseconds(100) };
        await using var server = await DevClusterServer.StartAsync(options, Cancel);
        using var client = ClusterClient.Of(server);
        server.Faults.DelayNext(1, TimeSpan.FromHours(1), "get");

        var (code, status) = await client.SendAsync(HttpMethod.Get, ClusterClient.ConfigMaps + "/none");
        using var watch = await client.WatchAsync("resourceVersion=0&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone");
        var lines = await watch.ReadToEndAsync(Cancel);

        Assert.Equal(504, code);
        Assert.Equal("Timeout", (string?)status!["reason"]);
        Assert.Empty(lines);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_is_cut_and_the_others_go_on()
    {
        var options = new DevClusterOptions { WatchBufferBytes = 512 * 1024, PublishesAuthority = false };
        await using var server = await DevClusterServer.StartAsync(options, Cancel);
        using var client = ClusterClient.Of(server);
        using var slow = await client.WatchAsync("resourceVersion=0&fieldSelector=metadata.name%3Dbig");
        using var other = await client.WatchAsync("resourceVersion=0", "/api/v1/namespaces/default/secrets");
        await client.CreateAsync("big");

        // Far more than the sockets on the way can hold.
        var writes = 0;
        while (server.WatchCount == 2 && writes < 1000)
        {
            var body = $$$"""{"data":{"text":"{{{writes++}}} {{{new string('x', 100_000)}}}"}}""";
            await client.SendAsync(HttpMethod.Patch, ClusterClient.ConfigMaps + "/big", body, "application/merge-patch+json");
        }

        Assert.Equal(1, server.WatchCount);
        await Assert.ThrowsAnyAsync<Exception>(() => slow.ReadToEndAsync(Cancel));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Both_protocols_are_offered(string version)
    {
        await using var server = await DevClusterServer.StartAsync(cancellationToken: Cancel);
        using var client = ClusterClient.Of(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, ClusterClient.ConfigMaps)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
    }

    [Fact]
    public async Task A_hung_watch_gives_nothing_and_is_let_go_with_the_cluster()
    {
        var server = await DevClusterServer.StartAsync(
            new DevClusterOptions { BookmarkInterval = TimeSpan.FromMilliseconds(5) },
            Cancel
        );
        using var client = ClusterClient.Of(server);
        server.Faults.Play(new DevClusterFault(FaultAction.HangWatch));
        using var watch = await client.WatchAsync("resourceVersion=0&allowWatchBookmarks=true&timeoutSeconds=1");
        await client.CreateAsync("a");

        var line = watch.ReadLineAsync(Cancel).AsTask();
        await Task.WhenAny(line, Task.Delay(TimeSpan.FromSeconds(2), Cancel));
        var wasSilent = !line.IsCompleted;
        await server.DisposeAsync();

        Assert.True(wasSilent);
        await Assert.ThrowsAnyAsync<Exception>(() => line);
    }
}
