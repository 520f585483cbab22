using System.Net;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Installation tokens: minted within what was granted, live an hour, end when revoked.</summary>
public sealed class MintTests
{
    [Fact]
    public async Task Mints_what_was_asked_and_keeps_a_record()
    {
        await using var bench = new GitHubBench();

        var token = await bench.TokenAsync(("contents", "read"), ("pull_requests", "write"));

        var mint = Assert.Single(bench.Simulator.Mints);
        Assert.True(mint.IsExplicit);
        Assert.Equal((token, bench.App.Id, bench.Installation.Id), (mint.Token, mint.AppId, mint.InstallationId));
        Assert.Equal([bench.Repository.Id], mint.RepositoryIds!);
        Assert.Equal("read", mint.Permissions["contents"]);
        Assert.Equal(bench.Time.GetUtcNow() + TimeSpan.FromHours(1), mint.ExpiresAt);
        Assert.DoesNotContain(token, $"{mint}", StringComparison.Ordinal);
        Assert.True(bench.Repository.Id > int.MaxValue);
    }

    [Fact]
    public async Task Tokens_have_no_length_and_no_form_to_rely_on()
    {
        await using var bench = new GitHubBench();

        var tokens = new[] { await bench.TokenAsync(("contents", "read")), await bench.TokenAsync(("contents", "read")) };

        Assert.Contains(tokens, token => token.Length == 40);
        Assert.Contains(tokens, token => token.Length > 300);
    }

    [Theory]
    [InlineData("""{"permissions": {"contents": "admin"}}""", 422)]
    [InlineData("""{"permissions": {"workflows": "write"}}""", 422)]
    [InlineData("""{"permissions": {"contents": "sometimes"}}""", 422)]
    [InlineData("""{"permissions": ["contents"]}""", 422)]
    [InlineData("""{"repository_ids": [1]}""", 422)]
    [InlineData("""{"repository_ids": ["1"]}""", 422)]
    [InlineData("""{"repository_ids": [null]}""", 422)]
    [InlineData("""{"repository_ids": 1}""", 422)]
    [InlineData("""{"repositories": ["elsewhere"]}""", 422)]
    [InlineData("""{"repositories": ["shop"], "permissions": {"contents": "write"}}""", 201)]
    [InlineData("[]", 400)]
    public async Task Refuses_more_than_the_installation_has(string body, int expected)
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Repositories.Add("acme", "elsewhere");

        var reply = await bench.SendAsync("POST", bench.MintPath, bench.Jwt(), JsonNode.Parse(body));

        Assert.Equal(expected, (int)reply.Status);
        Assert.Equal(expected == 201 ? 1 : 0, bench.Simulator.Mints.Count);
    }

    [Fact]
    public async Task Gives_everything_to_whoever_names_nothing()
    {
        await using var bench = new GitHubBench();

        await bench.SendAsync("POST", bench.MintPath, bench.Jwt());
        await bench.SendAsync("POST", bench.MintPath, bench.Jwt(), new JsonObject { ["repository_ids"] = new JsonArray() });

        Assert.All(bench.Simulator.Mints, mint => Assert.Null(mint.RepositoryIds));
        Assert.All(bench.Simulator.Mints, mint => Assert.False(mint.IsExplicit));
        Assert.Equal("write", bench.Simulator.Mints[0].Permissions["contents"]);
    }

    [Fact]
    public async Task Ends_a_token_by_revocation_and_by_time()
    {
        await using var bench = new GitHubBench();
        var (one, two) = (await bench.TokenAsync(("contents", "read")), await bench.TokenAsync(("contents", "read")));

        var revoked = await bench.SendAsync("DELETE", "installation/token", one);
        var again = await bench.SendAsync("DELETE", "installation/token", one);
        var live = bench.Simulator.LiveTokens();
        bench.Time.Advance(TimeSpan.FromHours(1));
        var late = await bench.SendAsync("GET", "repos/acme/shop", two);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (revoked.Status, again.Status));
        Assert.Equal(two, Assert.Single(live).Token);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bad credentials"), (late.Status, late.Message));
        Assert.Equal("revoked", bench.Simulator.Mints[0].RevokedBy);
        Assert.Empty(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task Refuses_while_suspended_and_after_it_was_uninstalled()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));

        bench.Installation.Suspend();
        var (mint, use) = (await MintAsync(bench), await bench.SendAsync("GET", "repos/acme/shop", token));
        bench.Installation.Unsuspend();
        var resumed = await bench.SendAsync("GET", "repos/acme/shop", token);
        bench.Installation.Uninstall();
        var (gone, ended) = (await MintAsync(bench), await bench.SendAsync("GET", "repos/acme/shop", token));

        Assert.Equal([403, 403, 200, 404, 401], new[] { mint, use, resumed, gone, ended }.Select(reply => (int)reply.Status));
        Assert.Equal("This installation has been suspended", mint.Message);
        Assert.Empty(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task What_an_app_asks_later_is_granted_only_when_accepted()
    {
        await using var bench = new GitHubBench();
        var body = new JsonObject { ["permissions"] = new JsonObject { ["workflows"] = "write" } };

        bench.App.Ask(new Dictionary<string, string> { ["workflows"] = "write" });
        var before = await bench.SendAsync("POST", bench.MintPath, bench.Jwt(), body.DeepClone());
        bench.Installation.Grant();
        var after = await bench.SendAsync("POST", bench.MintPath, bench.Jwt(), body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Created), (before.Status, after.Status));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_tokens()
    {
        await using var one = new GitHubBench();
        await using var two = new GitHubBench();
        await using var other = new GitHubBench(new GitHubSimulatorOptions { Seed = 2 });

        var tokens = new[]
        {
            await one.TokenAsync(("contents", "read")),
            await two.TokenAsync(("contents", "read")),
            await other.TokenAsync(("contents", "read")),
        };

        Assert.Equal(tokens[0], tokens[1]);
        Assert.NotEqual(tokens[0], tokens[2]);
    }

    private static Task<Reply> MintAsync(GitHubBench bench) => bench.SendAsync("POST", bench.MintPath, bench.Jwt());
}
