using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;
using Sam.Testing;

namespace Sam.Integration.Tests.GitHub;

/// <summary>The control API and the faults over real sockets.</summary>
public sealed class GitHubControlTests
{
    [Fact]
    public async Task Every_fault_is_played_and_stopped_by_name()
    {
        await using var bench = await SocketBench.StartAsync();
        var known = await GetAsync(bench, "_sim/faults");

        foreach (var name in GitHubFaults.Names)
        {
            var args = new JsonObject
            {
                ["count"] = 3,
                ["path"] = "/nowhere",
                ["delaySeconds"] = 1.5,
                ["appId"] = 5_000_000_001,
            };
            Assert.Equal(200, await PostAsync(bench, "_sim/faults", new JsonObject { ["name"] = name, ["args"] = args }));
        }
        var playing = bench.Simulator.Faults.Playing();
        await bench.SendAsync(HttpMethod.Delete, $"_sim/faults/{GitHubFaults.Abuse}", null);
        var fewer = bench.Simulator.Faults.Playing().Count;
        await bench.SendAsync(HttpMethod.Delete, "_sim/faults", null);

        Assert.Equal(GitHubFaults.Names, known["known"]!.AsArray().Select(name => $"{name}"));
        Assert.Equal(GitHubFaults.Names, playing.Select(fault => fault.Name));
        Assert.All(
            playing,
            fault => Assert.Equal((3, "/nowhere", TimeSpan.FromSeconds(1.5)), (fault.Count, fault.Path, fault.Delay))
        );
        Assert.Equal(GitHubFaults.Names.Count - 1, fewer);
        Assert.Empty(bench.Simulator.Faults.Playing());
        Assert.Equal(422, await PostAsync(bench, "_sim/faults", new JsonObject { ["name"] = "earthquake" }));
    }

    [Fact]
    public async Task A_whole_story_is_told_over_the_control_api()
    {
        await using var bench = await SocketBench.StartAsync();
        var simulator = bench.Simulator;
        var (_, app) = await bench.SendAsync(HttpMethod.Post, "_sim/apps", null, new JsonObject { ["slug"] = "second" });
        await PostAsync(
            bench,
            "_sim/repositories",
            new JsonObject
            {
                ["owner"] = "x",
                ["name"] = "y",
                ["private"] = true,
            }
        );
        var ask = new JsonObject { ["appId"] = app!["id"]!.GetValue<long>(), ["repositories"] = new JsonArray("x/y") };
        var (_, installation) = await bench.SendAsync(HttpMethod.Post, "_sim/installations", null, ask);

        var statuses = new List<int>();
        foreach (
            var action in new[]
            {
                """{"action": "write", "repository": "x/y", "branch": "main", "path": "a", "text": "b"}""",
                """{"action": "open-issue", "repository": "x/y", "login": "mona", "title": "Broken"}""",
                """{"action": "comment", "repository": "x/y", "number": 1, "login": "mona", "body": "/sam fix"}""",
                """{"action": "rename", "repository": "x/y", "name": "z"}""",
                $$"""{"action": "suspend", "installationId": {{installation!["id"]}}}""",
                """{"action": "transfer", "repository": "x/y", "owner": "w"}""",
                """{"action": "comment", "repository": "x/z", "number": 7, "login": "mona", "body": "?"}""",
                """{"action": "fly"}""",
            }
        )
        {
            statuses.Add(await PostAsync(bench, "_sim/actions", JsonNode.Parse(action)!));
        }

        Assert.Equal([200, 200, 200, 200, 200, 422, 422, 422], statuses);
        Assert.Equal("/sam fix", simulator.Repositories.Find("x", "z")!.Talk.All[0].Comments[0].Text);
        Assert.NotNull(simulator.Installations().Single(found => found.Account == "x").SuspendedAt);
        Assert.Contains("PRIVATE KEY", $"{app["privateKey"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_what_was_minted_and_no_token_of_it()
    {
        await using var bench = await SocketBench.StartAsync();
        var token = await bench.TokenAsync(("contents", "read"));
        await bench.SendAsync(HttpMethod.Get, "repos/acme/inside", token);

        var (state, mints) = (await GetAsync(bench, "_sim/state"), await GetAsync(bench, "_sim/mints"));
        var (live, calls) = (await GetAsync(bench, "_sim/live-tokens"), await GetAsync(bench, "_sim/calls"));

        Assert.Equal((1, 1), (state["mints"]!.GetValue<int>(), live.AsArray().Count));
        Assert.True(mints[0]!["isExplicit"]!.GetValue<bool>());
        Assert.Equal(bench.Inside.Id, mints[0]!["repositoryIds"]![0]!.GetValue<long>());
        Assert.Equal(
            ["/app/installations/{installation_id}/access_tokens", "/repos/{owner}/{repo}"],
            calls.AsArray().Select(call => $"{call!["route"]}")
        );
        Assert.All(
            new[] { state, mints, live, calls },
            shown => Assert.DoesNotContain(token, shown.ToJsonString(), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(GitHubFaults.Aborted, 0)]
    [InlineData(GitHubFaults.LostAnswer, 1)]
    [InlineData(GitHubFaults.HalfBody, 1)]
    public async Task Connections_break_on_sockets_too(string fault, int minted)
    {
        await using var bench = await SocketBench.StartAsync();
        bench.Simulator.Faults.Play(new GitHubFault(fault));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => bench.TokenAsync(("contents", "read")));

        // The client may try again by itself on a connection it kept.
        Assert.Equal(minted, Math.Min(1, bench.Simulator.Mints.Count));
    }

    [Fact]
    public async Task A_late_answer_is_late_by_the_simulators_clock()
    {
        await using var bench = await SocketBench.StartAsync();
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.Slow) { Delay = TimeSpan.FromHours(2) });

        var sending = bench.SendAsync(HttpMethod.Get, "rate_limit", null);
        await Poll.UntilAsync(() => bench.Simulator.Calls.Count == 1, "the call is seen", SocketBench.Cancellation);
        var early = sending.IsCompleted;
        bool IsAnswered()
        {
            // Again and again, as the simulator may not wait for its clock yet.
            bench.Time.Advance(TimeSpan.FromMinutes(30));
            return sending.IsCompleted;
        }
        await Poll.UntilAsync(IsAnswered, "the answer comes", SocketBench.Cancellation);

        Assert.False(early);
        Assert.Equal(200, (await sending).Status);
    }

    private static async Task<JsonNode> GetAsync(SocketBench bench, string path) =>
        (await bench.SendAsync(HttpMethod.Get, path, null)).Body!;

    private static async Task<int> PostAsync(SocketBench bench, string path, JsonNode body) =>
        (await bench.SendAsync(HttpMethod.Post, path, null, body)).Status;
}
