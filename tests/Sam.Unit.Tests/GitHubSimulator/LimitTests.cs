using System.Net;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Budgets per App and per installation, conditional reads, and the manners GitHub asks for.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Refuses_beyond_the_hour_and_serves_again_after_it()
    {
        await using var bench = new GitHubBench(new GitHubSimulatorOptions { RateLimit = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await bench.SendAsync("GET", "app", bench.Jwt())).Status);
        }

        var refused = await bench.SendAsync("GET", "app", bench.Jwt());
        var asked = await bench.SendAsync("GET", "rate_limit", bench.Jwt());
        bench.Time.Advance(TimeSpan.FromHours(1));
        var served = await bench.SendAsync("GET", "app", bench.Jwt());

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.StartsWith("API rate limit exceeded", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            ("3", "0", "3"),
            (refused.Headers["x-ratelimit-limit"], refused.Headers["x-ratelimit-remaining"], refused.Headers["x-ratelimit-used"])
        );
        var reset = DateTimeOffset.FromUnixTimeSeconds(long.Parse(refused.Headers["x-ratelimit-reset"]));
        Assert.Equal(bench.Time.GetUtcNow(), reset);
        Assert.Equal(0, asked.Json["rate"]!["remaining"]!.GetValue<int>());
        Assert.Equal((HttpStatusCode.OK, "2"), (served.Status, served.Headers["x-ratelimit-remaining"]));
    }

    [Fact]
    public async Task Counts_every_app_and_every_installation_for_itself()
    {
        await using var bench = new GitHubBench(new GitHubSimulatorOptions { RateLimit = 2 });
        var other = bench.Simulator.Apps.Add("other");
        var token = await bench.TokenAsync(("contents", "read"));
        await bench.SendAsync("GET", "app", bench.Jwt());

        var app = await bench.SendAsync("GET", "app", bench.Jwt());
        var installation = await bench.SendAsync("GET", "repos/acme/shop", token);
        var another = await bench.SendAsync("GET", "app", other.SignJwt(bench.Time.GetUtcNow()));

        Assert.Equal([403, 200, 200], new[] { app, installation, another }.Select(reply => (int)reply.Status));
    }

    [Fact]
    public async Task Writes_weigh_five_reads_in_a_minute()
    {
        await using var bench = new GitHubBench(new GitHubSimulatorOptions { PointsPerMinute = 11 });
        await bench.TokenAsync(("contents", "read"));
        await bench.TokenAsync(("contents", "read"));
        await bench.SendAsync("GET", "app", bench.Jwt());
        bench.Time.Advance(TimeSpan.FromSeconds(15));

        var refused = await bench.SendAsync("POST", bench.MintPath, bench.Jwt());
        bench.Time.Advance(TimeSpan.FromSeconds(45));
        var served = await bench.SendAsync("POST", bench.MintPath, bench.Jwt());

        Assert.Equal((HttpStatusCode.Forbidden, "45"), (refused.Status, refused.Headers["Retry-After"]));
        Assert.Contains("secondary rate limit", refused.Message, StringComparison.Ordinal);
        Assert.NotEqual("0", refused.Headers["x-ratelimit-remaining"]);
        Assert.Equal(HttpStatusCode.Created, served.Status);
    }

    [Fact]
    public async Task A_read_that_changed_nothing_costs_nothing()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        var first = await bench.SendAsync("GET", "repos/acme/shop/branches", token);

        var same = await bench.SendAsync(
            "GET",
            "repos/acme/shop/branches",
            token,
            null,
            ("If-None-Match", first.Headers["ETag"])
        );
        bench.Repository.Write("main", "a", "b");
        var changed = await bench.SendAsync(
            "GET",
            "repos/acme/shop/branches",
            token,
            null,
            ("If-None-Match", first.Headers["ETag"])
        );

        Assert.Equal((HttpStatusCode.NotModified, ""), (same.Status, same.Body));
        Assert.Equal(first.Headers["x-ratelimit-remaining"], same.Headers["x-ratelimit-remaining"]);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(first.Headers["ETag"], changed.Headers["ETag"]);
    }

    [Fact]
    public async Task Played_limits_say_when_to_come_back_or_do_not()
    {
        await using var bench = new GitHubBench();
        async Task<Reply> With(string fault)
        {
            bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1, Delay = TimeSpan.FromSeconds(90) });
            return await bench.SendAsync("GET", "app", bench.Jwt());
        }

        var primary = await With(GitHubFaults.RateLimited);
        var secondary = await With(GitHubFaults.SecondaryLimit);
        var bare = await With(GitHubFaults.SecondaryLimitBare);

        Assert.Equal("0", primary.Headers["x-ratelimit-remaining"]);
        Assert.Equal("90", secondary.Headers["Retry-After"]);
        Assert.DoesNotContain("Retry-After", bare.Headers.Keys);
        Assert.NotEqual("0", bare.Headers["x-ratelimit-remaining"]);
    }

    [Fact]
    public async Task Asks_for_a_name_and_a_version_it_knows()
    {
        await using var bench = new GitHubBench();
        using var nameless = new HttpClient(bench.Simulator.CreateHandler()) { BaseAddress = bench.Simulator.Endpoint };

        using var refused = await nameless.GetAsync(new Uri("rate_limit", UriKind.Relative), GitHubBench.Cancellation);
        var known = await bench.SendAsync("GET", "rate_limit", null, null, ("X-GitHub-Api-Version", "2022-11-28"));
        var unknown = await bench.SendAsync("GET", "rate_limit", null, null, ("X-GitHub-Api-Version", "1999-01-01"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (known.Status, unknown.Status));
    }
}
