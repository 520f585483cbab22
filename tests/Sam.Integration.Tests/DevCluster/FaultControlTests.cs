using System.Net.Http.Headers;
using Sam.DevCluster;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Faults from outside of the process.</summary>
public sealed class FaultControlTests : IAsyncLifetime
{
    private DevClusterServer _server = null!;
    private ClusterClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DevClusterServer.StartAsync(cancellationToken: Cancel);
        _client = ClusterClient.Of(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_rule_is_played_counted_and_stopped()
    {
        var (made, answer) = await _client.SendAsync(
            HttpMethod.Post,
            "/_dev/faults",
            """{"action":"status","verb":"list","code":503,"probability":1,"latency":"5ms"}"""
        );
        var failed = await _client.CodeOf(ClusterClient.ConfigMaps);
        var (_, rules) = await _client.SendAsync(HttpMethod.Get, "/_dev/faults");
        var (stopped, _) = await _client.SendAsync(HttpMethod.Delete, $"/_dev/faults/{answer!["id"]}");

        Assert.Equal((201, 503, 200), (made, failed, stopped));
        Assert.Equal("status", (string?)rules!["faults"]![0]!["action"]);
        Assert.Equal(1, (int?)rules["faults"]![0]!["happened"]);
        Assert.Equal(200, await _client.CodeOf(ClusterClient.ConfigMaps));
    }

    [Theory]
    [InlineData("""{"action":"explode"}""")]
    [InlineData("""{"action":"status","verbs":"list"}""")]
    [InlineData("""{"action":"latency","latency":"soon"}""")]
    [InlineData("[]")]
    public async Task What_is_no_fault_is_refused(string body)
    {
        var (code, _) = await _client.SendAsync(HttpMethod.Post, "/_dev/faults", body);

        Assert.Equal(400, code);
        Assert.Equal(200, await _client.CodeOf(ClusterClient.ConfigMaps));
    }

    [Fact]
    public async Task A_token_is_not_enough()
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = _client.Trust;
        using var http = new HttpClient(handler) { BaseAddress = _server.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _server.BearerToken);

        using var response = await http.GetAsync("/_dev/faults", Cancel);

        Assert.Equal(403, (int)response.StatusCode);
    }

    [Fact]
    public async Task Watches_are_dropped_at_once()
    {
        using var watch = await _client.WatchAsync("resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan");

        await _client.SendAsync(HttpMethod.Post, "/_dev/faults", """{"action":"drop-watches","resource":"configmaps"}""");

        await Assert.ThrowsAnyAsync<Exception>(() => watch.ReadToEndAsync(Cancel));
    }
}
