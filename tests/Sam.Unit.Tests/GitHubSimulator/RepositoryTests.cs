using System.Net;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>What a token sees: its repositories under their names of today, and nothing else.</summary>
public sealed class RepositoryTests
{
    [Fact]
    public async Task Sees_repositories_in_scope_by_name_and_by_id()
    {
        await using var bench = new GitHubBench();
        var outside = bench.Simulator.Repositories.Add("acme", "outside");
        var open = bench.Simulator.Repositories.Add("acme", "open", new SimulatedRepositoryOptions { Private = false });
        var token = await bench.TokenAsync(("contents", "read"));

        var byName = await bench.SendAsync("GET", "repos/ACME/Shop", token);
        var byId = await bench.SendAsync("GET", $"repositories/{bench.Repository.Id}", token);
        var unseen = await bench.SendAsync("GET", $"repositories/{outside.Id}", token);
        var unseenByName = await bench.SendAsync("GET", "repos/acme/outside", token);
        var seenByAll = await bench.SendAsync("GET", $"repositories/{open.Id}");
        var listed = await bench.SendAsync("GET", "installation/repositories", token);

        Assert.Equal(bench.Repository.Id, byName.Json["id"]!.GetValue<long>());
        Assert.Equal("acme/shop", byId.Text("full_name"));
        Assert.Equal([404, 404, 200], new[] { unseen, unseenByName, seenByAll }.Select(reply => (int)reply.Status));
        Assert.Equal(1, listed.Json["total_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Redirects_from_an_old_name_until_another_takes_it()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "read"));
        bench.Repository.Rename("store");

        var moved = await bench.SendAsync("GET", "repos/acme/shop/branches?per_page=1", token);
        var followed = await bench.SendAsync("GET", moved.Headers["Location"], token);
        var forApp = await bench.SendAsync("GET", "repos/acme/shop/installation", bench.Jwt());
        var taken = bench.Simulator.Repositories.Add("acme", "shop");
        bench.Installation.Add(taken);
        var other = await bench.SendAsync("GET", "repos/acme/shop/installation", bench.Jwt());

        Assert.Equal(HttpStatusCode.MovedPermanently, moved.Status);
        Assert.EndsWith(
            $"/repositories/{bench.Repository.Id}/branches?per_page=1",
            moved.Headers["Location"],
            StringComparison.Ordinal
        );
        Assert.Equal("main", followed.Json[0]!["name"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.MovedPermanently, forApp.Status);
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.NotEqual(bench.Repository.Id, taken.Id);
    }

    [Fact]
    public async Task Loses_what_was_transferred_deleted_or_taken_out()
    {
        await using var bench = new GitHubBench();
        var (second, third) = (
            bench.Simulator.Repositories.Add("acme", "second"),
            bench.Simulator.Repositories.Add("acme", "third")
        );
        bench.Installation.Add(second);
        bench.Installation.Add(third);
        var token = (await bench.SendAsync("POST", bench.MintPath, bench.Jwt())).Text("token");

        bench.Repository.Transfer("rivals");
        second.Delete();
        bench.Installation.Remove(third);
        var answers = new List<int>();
        foreach (var name in new[] { "acme/shop", "rivals/shop", "acme/second", "acme/third" })
        {
            answers.Add((int)(await bench.SendAsync("GET", $"repos/{name}", token)).Status);
            answers.Add((int)(await bench.SendAsync("GET", $"repos/{name}/installation", bench.Jwt())).Status);
        }

        Assert.All(answers, status => Assert.Equal(404, status));
    }

    [Theory]
    [InlineData("GET", "", "metadata", 200, 200)]
    [InlineData("GET", "/contents/README.md", "contents", 200, 403)]
    [InlineData("GET", "/git/trees/main", "contents", 200, 403)]
    [InlineData("GET", "/git/ref/heads/main", "contents", 200, 403)]
    [InlineData("GET", "/branches", "contents", 200, 403)]
    [InlineData("GET", "/branches/main", "contents", 200, 403)]
    [InlineData("GET", "/commits", "contents", 200, 403)]
    [InlineData("GET", "/commits/main", "contents", 200, 403)]
    [InlineData("GET", "/compare/main...main", "contents", 200, 403)]
    [InlineData("GET", "/pulls", "pull_requests", 200, 403)]
    [InlineData("GET", "/issues", "issues", 200, 403)]
    [InlineData("GET", "/commits/main/check-runs", "checks", 200, 403)]
    [InlineData("GET", "/commits/main/status", "statuses", 200, 403)]
    [InlineData("POST", "/git/refs", "contents", 422, 403)]
    [InlineData("PATCH", "/git/refs/heads/main", "contents", 422, 403)]
    [InlineData("DELETE", "/git/refs/heads/none", "contents", 422, 403)]
    [InlineData("PUT", "/contents/a", "contents", 422, 403)]
    [InlineData("DELETE", "/contents/a", "contents", 422, 403)]
    [InlineData("POST", "/pulls", "pull_requests", 422, 403)]
    [InlineData("PATCH", "/pulls/1", "pull_requests", 404, 403)]
    [InlineData("POST", "/issues", "issues", 422, 403)]
    [InlineData("POST", "/issues/1/comments", "issues", 404, 403)]
    [InlineData("POST", "/check-runs", "checks", 422, 403)]
    [InlineData("POST", "/statuses/main", "statuses", 422, 403)]
    public async Task Every_route_asks_for_its_permission(string method, string rest, string permission, int with, int without)
    {
        await using var bench = new GitHubBench();
        bench.Simulator.Repositories.Add("acme", "outside");
        var level = method == "GET" ? "read" : "write";
        var good = await bench.TokenAsync((permission, permission == "metadata" ? "read" : level));
        var bad = await bench.TokenAsync(("actions", "read"));
        var weak = method == "GET" ? bad : await bench.TokenAsync((permission, "read"));

        var allowed = await bench.SendAsync(method, $"repos/acme/shop{rest}", good);
        var refused = await bench.SendAsync(method, $"repos/acme/shop{rest}", bad);
        var tooWeak = await bench.SendAsync(method, $"repos/acme/shop{rest}", weak);
        var elsewhere = await bench.SendAsync(method, $"repos/acme/outside{rest}", good);
        var app = await bench.SendAsync(method, $"repos/acme/shop{rest}", bench.Jwt());
        var nobody = await bench.SendAsync(method, $"repos/acme/shop{rest}");

        Assert.Equal(
            [with, without, without, 404, 401, 404],
            new[] { allowed, refused, tooWeak, elsewhere, app, nobody }.Select(reply => (int)reply.Status)
        );
    }

    [Fact]
    public async Task An_archived_repository_is_only_read()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("issues", "write"));
        bench.Repository.Archived = true;

        var write = await bench.SendAsync("POST", "repos/acme/shop/issues", token, new JsonObject { ["title"] = "x" });
        var read = await bench.SendAsync("GET", "repos/acme/shop/issues", token);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (write.Status, read.Status));
    }

    [Fact]
    public async Task A_person_is_somebody_and_an_installation_is_not()
    {
        await using var bench = new GitHubBench();
        var person = bench.Simulator.People.Add("mona", bench.Repository);

        var user = await bench.SendAsync("GET", "user", person.Token);
        var contents = await bench.SendAsync("GET", "repos/acme/shop/contents/README.md", person.Token);
        var installation = await bench.SendAsync("GET", "user", await bench.TokenAsync(("contents", "read")));
        bench.Simulator.People.Remove(person);
        var gone = await bench.SendAsync("GET", "user", person.Token);

        Assert.Equal("mona", user.Text("login"));
        Assert.Equal([200, 403, 401], new[] { contents, installation, gone }.Select(reply => (int)reply.Status));
    }
}
