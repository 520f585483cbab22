using System.Net;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Faults of tokens and of what a repository is.</summary>
public sealed class TokenFaultTests
{
    [Fact]
    public async Task Refuses_a_mint()
    {
        await using var bench = new GitHubBench();

        var reply = await MintAsync(bench, GitHubFaults.MintRefused);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
        Assert.Empty(bench.Simulator.Mints);
    }

    [Fact]
    public async Task Grants_fewer_permissions_than_asked()
    {
        await using var bench = new GitHubBench();

        var reply = await MintAsync(bench, GitHubFaults.MintFewerPermissions);

        Assert.Equal("read", reply.Json["permissions"]!["contents"]!.GetValue<string>());
        Assert.Null(reply.Json["permissions"]!["issues"]);
        Assert.Equal(403, (int)(await bench.SendAsync("GET", "repos/acme/shop/issues", reply.Text("token"))).Status);
    }

    [Fact]
    public async Task Grants_more_permissions_and_repositories_than_asked()
    {
        await using var bench = new GitHubBench();
        bench.Installation.Add(bench.Simulator.Repositories.Add("acme", "second"));

        var more = await MintAsync(bench, GitHubFaults.MintMorePermissions);
        var wider = await MintAsync(bench, GitHubFaults.MintWider);

        Assert.Equal("write", more.Json["permissions"]!["contents"]!.GetValue<string>());
        Assert.Null(wider.Json["repositories"]);
        Assert.Equal(200, (int)(await bench.SendAsync("GET", "repos/acme/second", wider.Text("token"))).Status);
        Assert.Equal(404, (int)(await bench.SendAsync("GET", "repos/acme/second", more.Text("token"))).Status);
    }

    [Fact]
    public async Task Gives_a_shorter_life_or_none()
    {
        await using var bench = new GitHubBench();

        var brief = await MintAsync(bench, GitHubFaults.MintShort);
        var expired = await MintAsync(bench, GitHubFaults.MintExpired);

        Assert.Equal("2026-05-01T00:05:00Z", brief.Text("expires_at"));
        Assert.Equal("2026-04-30T23:59:00Z", expired.Text("expires_at"));
        Assert.Equal(401, (int)(await bench.SendAsync("GET", "repos/acme/shop", expired.Text("token"))).Status);
        Assert.Equal(200, (int)(await bench.SendAsync("GET", "repos/acme/shop", brief.Text("token"))).Status);
    }

    [Fact]
    public async Task Keeps_the_token_out_of_the_answer_of_a_mint()
    {
        await using var bench = new GitHubBench();

        var reply = await MintAsync(bench, GitHubFaults.MintWithoutToken);

        Assert.Null(reply.Json["token"]);
        Assert.Single(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task Says_it_revoked_and_did_not()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.RevokeIgnored) { Count = 1 });

        var ignored = await bench.SendAsync("DELETE", "installation/token", token);
        var live = bench.Simulator.LiveTokens().Count;
        await bench.SendAsync("DELETE", "installation/token", token);

        Assert.Equal((HttpStatusCode.NoContent, 1), (ignored.Status, live));
        Assert.Empty(bench.Simulator.LiveTokens());
    }

    [Fact]
    public async Task Revokes_a_token_behind_its_holders_back()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.TokenRevoked) { Count = 1 });

        await bench.SendAsync("GET", "repos/acme/shop", token);
        var after = await bench.SendAsync("GET", "repos/acme/shop", token);

        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
        Assert.Equal(GitHubFaults.TokenRevoked, bench.Simulator.Mints[0].RevokedBy);
    }

    [Fact]
    public async Task Does_not_know_a_token_that_is_only_seconds_old()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.TokenUnknownYet));

        var early = await bench.SendAsync("GET", "repos/acme/shop", token);
        bench.Time.Advance(TimeSpan.FromSeconds(6));
        var later = await bench.SendAsync("GET", "repos/acme/shop", token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (early.Status, later.Status));
    }

    [Fact]
    public async Task Answers_a_name_with_another_id_and_an_id_with_an_old_name()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.IdDrift) { Count = 1 });
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.StaleName) { Count = 1 });

        var drifted = await bench.SendAsync("GET", "repos/acme/shop", token);
        var stale = await bench.SendAsync("GET", $"repositories/{bench.Repository.Id}", token);

        Assert.NotEqual(bench.Repository.Id, drifted.Json["id"]!.GetValue<long>());
        Assert.Equal("acme/shop-before", stale.Text("full_name"));
        Assert.Equal(bench.Repository.Id, stale.Json["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task Redirects_to_the_very_address_that_was_asked()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.RedirectLoop));

        var reply = await bench.SendAsync("GET", "repos/acme/shop", token);

        Assert.Equal(HttpStatusCode.MovedPermanently, reply.Status);
        Assert.Equal(new Uri(bench.Simulator.Endpoint, "repos/acme/shop").AbsoluteUri, reply.Headers["Location"]);
    }

    [Fact]
    public async Task Names_a_page_as_the_one_after_itself_and_cuts_a_tree()
    {
        await using var bench = new GitHubBench();
        bench.Repository.Write("main", "src/a.txt", "a");
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.PageRepeats));
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.TreeTruncated));

        var page = await bench.SendAsync("GET", "installation/repositories?per_page=1", token);
        var tree = await bench.SendAsync("GET", "repos/acme/shop/git/trees/main?recursive=1", token);

        Assert.Contains("?page=1&per_page=1>; rel=\"next\"", page.Headers["Link"], StringComparison.Ordinal);
        Assert.True(tree.Json["truncated"]!.GetValue<bool>());
        Assert.Single(tree.Json["tree"]!.AsArray());
    }

    private static Task<Reply> MintAsync(GitHubBench bench, string fault)
    {
        bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1 });
        var body = new JsonObject
        {
            ["repository_ids"] = new JsonArray(bench.Repository.Id),
            ["permissions"] = new JsonObject { ["contents"] = "read", ["issues"] = "write" },
        };
        return bench.SendAsync("POST", bench.MintPath, bench.Jwt(), body);
    }
}
