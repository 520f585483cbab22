using System.Net;
using Sam.DevCluster;
using Sam.DevCluster.Faults;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Faults of requests, as a client meets them.</summary>
public sealed class RequestFaultTests : IAsyncLifetime
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

    [Theory, InlineData(409), InlineData(410), InlineData(429), InlineData(500), InlineData(503)]
    public async Task A_status_is_answered_as_often_as_asked_and_nothing_is_done(int code)
    {
        _server.Faults.FailNext(2, code, "create", "configmaps");

        var codes = new List<int>();
        for (var attempt = 0; attempt < 3; attempt++)
            codes.Add((await _client.CreateAsync("a")).Code);

        Assert.Equal([code, code, 201], codes);
    }

    [Fact]
    public async Task Too_many_requests_says_when_to_come_back()
    {
        _server.Faults.FailNext(1, 429, retryAfterSeconds: 7);

        using var response = await _client.Http.GetAsync(ClusterClient.ConfigMaps, Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_fault_is_for_its_verb_resource_namespace_and_name_only()
    {
        await _client.CreateAsync("a");
        await _client.CreateAsync("b");
        _server.Faults.Play(
            new DevClusterFault(FaultAction.Status)
            {
                Verb = "get",
                Resource = "configmaps",
                Namespace = "default",
                Name = "a",
                Code = 503,
            }
        );

        Assert.Equal(503, await _client.CodeOf($"{ClusterClient.ConfigMaps}/a"));
        Assert.Equal(200, await _client.CodeOf($"{ClusterClient.ConfigMaps}/b"));
        Assert.Equal(200, await _client.CodeOf(ClusterClient.ConfigMaps));
        Assert.Equal(200, await _client.CodeOf("/api/v1/namespaces/default/secrets"));
    }

    [Fact]
    public async Task A_lost_answer_leaves_its_effect()
    {
        var rule = _server.Faults.Play(new DevClusterFault(FaultAction.LoseAnswer) { Verb = "create", Count = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.CreateAsync("a"));

        Assert.Equal(1, _server.Faults.HappenedOf(rule));
        Assert.Equal(200, await _client.CodeOf($"{ClusterClient.ConfigMaps}/a"));
    }

    [Fact]
    public async Task A_cut_connection_leaves_nothing()
    {
        _server.Faults.Play(new DevClusterFault(FaultAction.Cut) { Verb = "create", Count = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.CreateAsync("a"));

        Assert.Equal(404, await _client.CodeOf($"{ClusterClient.ConfigMaps}/a"));
    }

    [Fact]
    public async Task A_half_answer_breaks_in_the_middle()
    {
        await _client.CreateAsync("a", new string('x', 10_000));
        _server.Faults.Play(new DevClusterFault(FaultAction.HalfAnswer) { Verb = "get", Count = 1 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            _client.SendAsync(HttpMethod.Get, $"{ClusterClient.ConfigMaps}/a")
        );

        Assert.Equal(200, await _client.CodeOf($"{ClusterClient.ConfigMaps}/a"));
    }

    [Fact]
    public async Task A_delay_is_waited_for_on_the_cluster_s_clock()
    {
        _server.Faults.DelayNext(1, TimeSpan.FromMilliseconds(50), "list");

        var before = TimeProvider.System.GetTimestamp();
        var code = await _client.CodeOf(ClusterClient.ConfigMaps);

        Assert.Equal(200, code);
        // Not a measurement: a timer never fires early.
        Assert.True(TimeProvider.System.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(45));
    }

    [Fact]
    public async Task Only_the_later_pages_of_a_list_expire()
    {
        await _client.CreateAsync("a");
        await _client.CreateAsync("b");
        _server.Faults.Play(
            new DevClusterFault(FaultAction.Status)
            {
                Verb = "list",
                Continued = true,
                Code = 410,
            }
        );

        var (code, page) = await _client.SendAsync(HttpMethod.Get, ClusterClient.ConfigMaps + "?limit=1");
        var token = (string?)page!["metadata"]!["continue"];

        Assert.Equal(200, code);
        Assert.Equal(410, await _client.CodeOf($"{ClusterClient.ConfigMaps}?limit=1&continue={token}"));
    }

    [Fact]
    public async Task The_same_seed_hits_the_same_requests_again_whatever_comes_in_between()
    {
        var first = await HitsAsync(seed: 4, noise: false);
        var again = await HitsAsync(seed: 4, noise: true);
        var other = await HitsAsync(seed: 5, noise: false);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(code => code == 500), 8, 32);
    }

    private async Task<List<int>> HitsAsync(int seed, bool noise)
    {
        _server.Faults.Clear();
        _server.Faults.Play(
            new DevClusterFault(FaultAction.Status)
            {
                Resource = "configmaps",
                Probability = 0.5,
                Seed = seed,
            }
        );
        var codes = new List<int>();
        for (var request = 0; request < 40; request++)
        {
            codes.Add(await _client.CodeOf($"{ClusterClient.ConfigMaps}/none"));
            if (noise)
                await _client.CodeOf($"{ClusterClient.ConfigMaps}/other");
        }
        return codes;
    }
}
