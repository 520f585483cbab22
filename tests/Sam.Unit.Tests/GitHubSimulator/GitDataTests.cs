using System.Text;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Branches, files, pull requests and checks as an App works with them.</summary>
public sealed class GitDataTests
{
    [Fact]
    public async Task Object_ids_are_those_git_gives()
    {
        await using var bench = new GitHubBench();
        var repository = bench.Simulator.Repositories.Add(
            "acme",
            "known",
            new SimulatedRepositoryOptions { Files = new Dictionary<string, string> { ["hello.txt"] = "hello\n" } }
        );
        bench.Installation.Add(repository);
        var token = (await bench.SendAsync("POST", bench.MintPath, bench.Jwt())).Text("token");

        var tree = await bench.SendAsync("GET", "repos/acme/known/git/trees/main", token);

        // git hash-object of "hello\n", and the tree of it under that name.
        Assert.Equal("ce013625030ba8dba906f756967f9e9ca394464a", $"{tree.Json["tree"]![0]!["sha"]}");
        Assert.Equal("aaa96ced2d9a1c8e72c56b253a0e2fe78393feb7", tree.Text("sha"));
    }

    [Fact]
    public async Task An_empty_repository_has_nothing_to_show()
    {
        await using var bench = new GitHubBench();
        var empty = bench.Simulator.Repositories.Add(
            "acme",
            "empty",
            new SimulatedRepositoryOptions { Files = new Dictionary<string, string>() }
        );
        bench.Installation.Add(empty);
        var token = (await bench.SendAsync("POST", bench.MintPath, bench.Jwt())).Text("token");

        var tree = await bench.SendAsync("GET", "repos/acme/empty/git/trees/main?recursive=1", token);
        var branches = await bench.SendAsync("GET", "repos/acme/empty/branches", token);
        var contents = await bench.SendAsync("GET", "repos/acme/empty/contents", token);

        Assert.Equal([409, 200, 404], new[] { tree, branches, contents }.Select(reply => (int)reply.Status));
        Assert.Equal("Git Repository is empty.", tree.Message);
        Assert.Equal("[]", branches.Body);
    }

    [Fact]
    public async Task The_second_creator_of_a_branch_hears_that_it_exists()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "write"));
        JsonObject Ask() => new() { ["ref"] = "refs/heads/sam/task-1", ["sha"] = bench.Repository.Head("main") };

        var first = await bench.SendAsync("POST", "repos/acme/shop/git/refs", token, Ask());
        var second = await bench.SendAsync("POST", "repos/acme/shop/git/refs", token, Ask());
        var branch = await bench.SendAsync("GET", "repos/acme/shop/branches/sam/task-1", token);
        var missing = await bench.SendAsync("GET", "repos/acme/shop/branches/nowhere", token);

        Assert.Equal([201, 422, 200, 404], new[] { first, second, branch, missing }.Select(reply => (int)reply.Status));
        Assert.Equal("Reference already exists", second.Message);
        Assert.Equal("sam/task-1", branch.Text("name"));
    }

    [Fact]
    public async Task A_file_is_changed_only_by_whoever_knows_it()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("contents", "write"));
        JsonObject Change(string? sha) =>
            new()
            {
                ["message"] = "change",
                ["content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("new")),
                ["sha"] = sha,
            };

        var known = (await bench.SendAsync("GET", "repos/acme/shop/contents/README.md", token)).Text("sha");
        var without = await bench.SendAsync("PUT", "repos/acme/shop/contents/README.md", token, Change(null));
        var wrong = await bench.SendAsync("PUT", "repos/acme/shop/contents/README.md", token, Change(new string('a', 40)));
        var right = await bench.SendAsync("PUT", "repos/acme/shop/contents/README.md", token, Change(known));
        var raw = await bench.SendAsync(
            "GET",
            "repos/acme/shop/contents/README.md",
            token,
            null,
            ("Accept", "application/vnd.github.raw+json")
        );

        Assert.Equal([422, 409, 200], new[] { without, wrong, right }.Select(reply => (int)reply.Status));
        Assert.Equal("new", raw.Body);
    }

    [Fact]
    public async Task Workflows_need_their_own_permission()
    {
        await using var bench = new GitHubBench();
        bench.Installation.Grant(new Dictionary<string, string> { ["contents"] = "write", ["workflows"] = "write" });
        var (without, with) = (
            await bench.TokenAsync(("contents", "write")),
            await bench.TokenAsync(("contents", "write"), ("workflows", "write"))
        );
        JsonObject File() => new() { ["message"] = "ci", ["content"] = "b246IHB1c2g=" };

        var refused = await bench.SendAsync("PUT", "repos/acme/shop/contents/.github/workflows/ci.yml", without, File());
        var allowed = await bench.SendAsync("PUT", "repos/acme/shop/contents/.github/workflows/ci.yml", with, File());

        Assert.Equal([403, 201], new[] { refused, allowed }.Select(reply => (int)reply.Status));
    }

    [Fact]
    public async Task One_pull_request_per_branch_and_only_with_something_to_merge()
    {
        await using var bench = new GitHubBench();
        bench.Repository.Write("feature", "a", "b");
        var token = await bench.TokenAsync(("pull_requests", "write"));
        JsonObject Ask(string head) =>
            new()
            {
                ["title"] = "Feature",
                ["head"] = head,
                ["base"] = "main",
            };

        var nothing = await bench.SendAsync("POST", "repos/acme/shop/pulls", token, Ask("main"));
        var missing = await bench.SendAsync("POST", "repos/acme/shop/pulls", token, Ask("nowhere"));
        var made = await bench.SendAsync("POST", "repos/acme/shop/pulls", token, Ask("acme:feature"));
        var again = await bench.SendAsync("POST", "repos/acme/shop/pulls", token, Ask("feature"));
        var found = await bench.SendAsync("GET", "repos/acme/shop/pulls?head=acme:feature", token);

        Assert.Equal([422, 422, 201, 422], new[] { nothing, missing, made, again }.Select(reply => (int)reply.Status));
        Assert.Equal("A pull request already exists for acme:feature.", $"{again.Json["errors"]![0]!["message"]}");
        Assert.Equal("sam[bot]", $"{Assert.Single(found.Json.AsArray())!["user"]!["login"]}");
    }

    [Fact]
    public async Task The_last_word_of_each_context_makes_the_state()
    {
        await using var bench = new GitHubBench();
        var token = await bench.TokenAsync(("statuses", "write"));
        var head = bench.Repository.Head("main");
        async Task<string> Say(string context, string state)
        {
            var body = new JsonObject { ["state"] = state, ["context"] = context };
            await bench.SendAsync("POST", $"repos/acme/shop/statuses/{head}", token, body);
            return (await bench.SendAsync("GET", "repos/acme/shop/commits/main/status", token)).Text("state");
        }

        var states = new[]
        {
            await Say("a", "pending"),
            await Say("b", "failure"),
            await Say("b", "success"),
            await Say("a", "success"),
        };

        Assert.Equal(["pending", "failure", "pending", "success"], states);
    }

    [Fact]
    public async Task A_branch_moves_forward_unless_forced()
    {
        await using var bench = new GitHubBench();
        var old = bench.Repository.Head("main")!;
        var head = bench.Repository.Write("main", "a", "b");
        var token = await bench.TokenAsync(("contents", "write"));

        var back = await bench.SendAsync("PATCH", "repos/acme/shop/git/refs/heads/main", token, new JsonObject { ["sha"] = old });
        var forced = await bench.SendAsync(
            "PATCH",
            "repos/acme/shop/git/refs/heads/main",
            token,
            new JsonObject { ["sha"] = old, ["force"] = true }
        );
        var forward = await bench.SendAsync(
            "PATCH",
            "repos/acme/shop/git/refs/heads/main",
            token,
            new JsonObject { ["sha"] = head }
        );
        var compared = await bench.SendAsync("GET", $"repos/acme/shop/compare/{old}...main", token);

        Assert.Equal([422, 200, 200], new[] { back, forced, forward }.Select(reply => (int)reply.Status));
        Assert.Equal(("ahead", 1), (compared.Text("status"), compared.Json["ahead_by"]!.GetValue<int>()));
    }
}
