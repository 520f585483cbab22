using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Faults that strike whatever a call is about.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(GitHubFaults.ServerError, 500, "Server Error")]
    [InlineData(GitHubFaults.Unavailable, 503, "Service Unavailable")]
    [InlineData(GitHubFaults.BadCredentials, 401, "Bad credentials")]
    [InlineData(GitHubFaults.RateLimited, 403, "API rate limit exceeded.")]
    [InlineData(GitHubFaults.RateLimited429, 429, "API rate limit exceeded.")]
    [InlineData(GitHubFaults.SecondaryLimit, 403, "You have exceeded a secondary rate limit.")]
    [InlineData(GitHubFaults.SecondaryLimitBare, 429, "You have exceeded a secondary rate limit.")]
    [InlineData(GitHubFaults.Abuse, 403, "You have triggered an abuse detection mechanism.")]
    [InlineData(GitHubFaults.Suspended, 403, "This installation has been suspended")]
    [InlineData(GitHubFaults.TokenRevoked, 401, "Bad credentials")]
    [InlineData(GitHubFaults.TokenUnknownYet, 401, "Bad credentials")]
    [InlineData(GitHubFaults.NotFound, 404, "Not Found")]
    [InlineData(GitHubFaults.PermissionRemoved, 403, "Resource not accessible by integration")]
    public async Task Refuses_as_GitHub_would_and_without_an_effect(string fault, int status, string message)
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("issues", "write"));
        bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1 });

        var struck = await bench.SendAsync("POST", "repos/acme/shop/issues", token, new JsonObject { ["title"] = "x" });

        Assert.Equal(status, (int)struck.Status);
        Assert.StartsWith(message, struck.Message, StringComparison.Ordinal);
        Assert.Equal($"{status}", struck.Text("status"));
        Assert.NotEmpty(struck.Text("documentation_url"));
        Assert.Empty(bench.Repository.Talk.All);
        Assert.Equal(fault, bench.Simulator.Calls[^1].Fault);
        Assert.Empty(bench.Simulator.Faults.Playing());
    }

    [Fact]
    public async Task Is_over_when_it_struck_as_often_as_it_was_told()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(
            new GitHubFault(GitHubFaults.ServerError)
            {
                Count = 2,
                Status = 502,
                Path = "/app",
            }
        );

        var elsewhere = await bench.SendAsync("GET", "rate_limit");
        var answers = new[]
        {
            (await bench.SendAsync("GET", "app", bench.Jwt())).Status,
            (await bench.SendAsync("GET", "app", bench.Jwt())).Status,
            (await bench.SendAsync("GET", "app", bench.Jwt())).Status,
        };

        Assert.Equal(HttpStatusCode.OK, elsewhere.Status);
        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.BadGateway, HttpStatusCode.OK], answers);
    }

    [Fact]
    public async Task Strikes_only_the_app_and_the_installation_it_is_meant_for()
    {
        await using var bench = new GitHubBench();
        var other = bench.Simulator.Apps.Add("other");
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.ServerError) { AppId = other.Id });
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.Unavailable) { InstallationId = bench.Installation.Id });

        var ours = await bench.SendAsync("GET", "app", bench.Jwt());
        var theirs = await bench.SendAsync("GET", "app", other.SignJwt(bench.Time.GetUtcNow()));
        var installation = await bench.SendAsync("POST", bench.MintPath, bench.Jwt());

        Assert.Equal([200, 500, 503], new[] { ours, theirs, installation }.Select(reply => (int)reply.Status));
        Assert.Equal("30", installation.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Breaks_the_connection_before_anything_happened()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.Aborted));

        await Assert.ThrowsAsync<HttpRequestException>(() => bench.SendAsync("POST", bench.MintPath, bench.Jwt()));

        Assert.Empty(bench.Simulator.Mints);
    }

    [Theory]
    [InlineData(GitHubFaults.LostAnswer)]
    [InlineData(GitHubFaults.HalfBody)]
    public async Task Breaks_the_connection_after_the_effect(string fault)
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(fault));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => bench.SendAsync("POST", bench.MintPath, bench.Jwt()));

        Assert.Single(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task Answers_an_error_after_the_effect()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.LateServerError));

        var reply = await bench.SendAsync("POST", bench.MintPath, bench.Jwt());

        Assert.Equal(HttpStatusCode.BadGateway, reply.Status);
        Assert.Single(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task Answers_late_what_happened_at_once()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.Slow) { Delay = TimeSpan.FromSeconds(40) });

        var sending = bench.SendAsync("POST", bench.MintPath, bench.Jwt());
        var (minted, early) = (bench.Simulator.Mints.Count, sending.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal((1, false), (minted, early));
        Assert.Equal(HttpStatusCode.Created, (await sending).Status);
    }

    [Fact]
    public async Task Gives_a_page_instead_of_the_api()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.HtmlPage));

        var reply = await bench.SendAsync("GET", "app", bench.Jwt());

        Assert.Equal(HttpStatusCode.BadGateway, reply.Status);
        Assert.ThrowsAny<JsonException>(() => reply.Json);
    }

    [Fact]
    public async Task Gives_another_shape_no_body_text_ids_or_nulls()
    {
        await using var bench = new GitHubBench();
        async Task<Reply> With(string fault)
        {
            bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1 });
            return await bench.SendAsync("GET", "app", bench.Jwt());
        }

        var shape = await With(GitHubFaults.WrongShape);
        var empty = await With(GitHubFaults.EmptyBody);
        var text = await With(GitHubFaults.TextIds);
        var nulls = await With(GitHubFaults.NullMembers);

        Assert.IsType<JsonArray>(shape.Json);
        Assert.Empty(empty.Body);
        Assert.Equal($"{bench.App.Id}", text.Text("id"));
        Assert.Equal((bench.App.Id, null), (nulls.Json["id"]!.GetValue<long>(), nulls.Json["slug"]));
        Assert.All(new[] { shape, empty, text, nulls }, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
    }

    [Theory]
    [InlineData(0, 0, HttpStatusCode.OK)]
    [InlineData(-90, 0, HttpStatusCode.Unauthorized)]
    [InlineData(-90, -60, HttpStatusCode.OK)]
    [InlineData(660, 0, HttpStatusCode.Unauthorized)]
    public async Task Lives_by_a_clock_that_is_not_ours(int skew, int issuedAgo, HttpStatusCode expected)
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.ClockSkew) { Delay = TimeSpan.FromSeconds(skew) });

        var reply = await bench.SendAsync(
            "GET",
            "app",
            bench.App.SignJwt(bench.Time.GetUtcNow() + TimeSpan.FromSeconds(issuedAgo))
        );

        Assert.Equal(expected, reply.Status);
        Assert.Equal(bench.Time.GetUtcNow() + TimeSpan.FromSeconds(skew), DateTimeOffset.Parse(reply.Headers["Date"]));
    }

    [Fact]
    public async Task Does_not_know_an_app_that_exists()
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.AppUnknown));

        var reply = await bench.SendAsync("GET", "app", bench.Jwt());

        Assert.Equal((HttpStatusCode.NotFound, "Integration not found"), (reply.Status, reply.Message));
    }

    [Fact]
    public void Every_fault_has_one_name_and_an_unknown_one_is_refused()
    {
        var faults = new GitHubFaults();

        var failure = Assert.Throws<ArgumentException>(() => faults.Play(new GitHubFault("earthquake")));

        Assert.Contains(GitHubFaults.Abuse, failure.Message, StringComparison.Ordinal);
        Assert.Equal(GitHubFaults.Names.Count, GitHubFaults.Names.Distinct().Count());
        Assert.True(GitHubFaults.Names.Count >= 25);
    }
}
