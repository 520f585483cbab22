using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>Every answer of the simulator, held against GitHub's own description of its API.</summary>
public sealed class GitHubContractTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_have_the_published_shapes()
    {
        var contract = await OpenApiPackage.LoadAsync(OpenApiPackage.Api);
        await using var bench = await SocketBench.StartAsync();
        using var judge = new Judge(contract);

        await AppAsync(bench, judge);
        var token = await bench.TokenAsync(
            ("contents", "write"),
            ("issues", "write"),
            ("pull_requests", "write"),
            ("checks", "write"),
            ("statuses", "write")
        );
        await GitDataAsync(bench, judge, token);
        await TalkAsync(bench, judge, token);
        await judge.SendAsync(bench, "GET", "installation/repositories?per_page=1", token);
        await judge.SendAsync(bench, "GET", "rate_limit", token);
        await judge.SendAsync(bench, "GET", "user", bench.Simulator.People.Add("mona").Token);
        await judge.SendAsync(bench, "DELETE", "installation/token", token);

        Assert.True(judge.Problems.Count == 0, string.Join(Environment.NewLine, judge.Problems));
        Assert.True(judge.Judged > 40, $"{judge.Judged} calls judged");
    }

    [Fact]
    public async Task Refusals_have_the_published_shapes()
    {
        var contract = await OpenApiPackage.LoadAsync(OpenApiPackage.Api);
        await using var bench = await SocketBench.StartAsync();
        using var judge = new Judge(contract);
        var token = await bench.TokenAsync(("contents", "read"));
        var mint = $"app/installations/{bench.Installation.Id}/access_tokens";

        await judge.SendAsync(bench, "GET", "repos/acme/outside", token);
        await judge.SendAsync(bench, "GET", "repos/acme/inside/pulls", token);
        await judge.SendAsync(bench, "GET", "installation/repositories", "ghs_nothing");
        await judge.SendAsync(
            bench,
            "POST",
            mint,
            bench.Jwt(),
            new JsonObject
            {
                ["permissions"] = new JsonObject { ["contents"] = "write", ["workflows"] = "write" },
            }
        );
        await judge.SendAsync(
            bench,
            "POST",
            "repos/acme/inside/issues",
            await bench.TokenAsync(("issues", "write")),
            new JsonObject { ["title"] = "" }
        );
        bench.Inside.Rename("renamed");
        using var stay = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        await judge.SendAsync(bench, "GET", "repos/acme/inside", token, client: stay);
        foreach (
            var fault in new[]
            {
                GitHubFaults.RateLimited,
                GitHubFaults.SecondaryLimit,
                GitHubFaults.Abuse,
                GitHubFaults.ServerError,
            }
        )
        {
            bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1 });
            await judge.SendAsync(bench, "GET", "repos/acme/renamed", token);
        }

        Assert.True(judge.Problems.Count == 0, string.Join(Environment.NewLine, judge.Problems));
        Assert.Equal([404, 403, 401, 422, 422, 301, 403, 403, 403, 500], judge.Statuses);
    }

    [Fact]
    public async Task Judge_sees_an_answer_that_is_wrong()
    {
        var contract = await OpenApiPackage.LoadAsync(OpenApiPackage.Api);
        await using var bench = await SocketBench.StartAsync();
        using var judge = new Judge(contract);
        bench.Simulator.Faults.Play(new GitHubFault(GitHubFaults.TextIds));

        await judge.SendAsync(bench, "GET", "app", bench.Jwt());
        await judge.SendAsync(bench, "GET", "app/installations?unknown=1", bench.Jwt());
        await judge.SendAsync(bench, "GET", "no/such/route", bench.Jwt());

        Assert.Contains(judge.Problems, problem => problem.Contains("IntegerExpected", StringComparison.Ordinal));
        Assert.Contains(judge.Problems, problem => problem.Contains("query unknown", StringComparison.Ordinal));
        Assert.Contains(judge.Problems, problem => problem.Contains("not documented", StringComparison.Ordinal));
    }

    private static async Task AppAsync(SocketBench bench, Judge judge)
    {
        await judge.SendAsync(bench, "GET", "app", bench.Jwt());
        await judge.SendAsync(bench, "GET", "app/installations?per_page=1", bench.Jwt());
        await judge.SendAsync(bench, "GET", $"app/installations/{bench.Installation.Id}", bench.Jwt());
        await judge.SendAsync(bench, "GET", "repos/acme/inside/installation", bench.Jwt());
        await judge.SendAsync(bench, "GET", "orgs/acme/installation", bench.Jwt());
        await judge.SendAsync(bench, "GET", "users/acme/installation", bench.Jwt());
        var body = new JsonObject
        {
            ["repository_ids"] = new JsonArray(bench.Inside.Id),
            ["permissions"] = new JsonObject { ["contents"] = "read" },
        };
        await judge.SendAsync(bench, "POST", $"app/installations/{bench.Installation.Id}/access_tokens", bench.Jwt(), body);
    }

    private static async Task GitDataAsync(SocketBench bench, Judge judge, string token)
    {
        const string Root = "repos/acme/inside";
        bench.Inside.Write("main", "src/deep/file.txt", "one");
        var head = bench.Inside.Head("main")!;
        Task<JsonNode?> Send(string method, string path, JsonObject? body = null) =>
            judge.SendAsync(bench, method, Root + path, token, body);

        await Send("GET", "");
        await Send("GET", "/git/ref/heads/main");
        await Send("GET", "/git/matching-refs/heads/ma");
        await Send("POST", "/git/refs", new JsonObject { ["ref"] = "refs/heads/a/b", ["sha"] = head });
        await Send("GET", "/branches?per_page=1&page=2");
        await Send("GET", "/branches/a%2Fb");
        var tree = await Send("GET", "/git/trees/main?recursive=1");
        await Send("GET", $"/git/trees/{tree!["sha"]}");
        await Send("GET", $"/git/blobs/{tree["tree"]![0]!["sha"]}");
        await Send("GET", $"/git/commits/{head}");
        await Send("GET", "/commits?sha=main&per_page=1");
        await Send("GET", "/commits/main");
        await Send("GET", "/contents/src");
        await Send("GET", "/contents/README.md?ref=a%2Fb");
        var created = await Send("PUT", "/contents/new.txt", Content("a/b", "new", null));
        var changed = await Send("PUT", "/contents/new.txt", Content("a/b", "newer", $"{created!["content"]!["sha"]}"));
        await Send("GET", "/compare/main...a%2Fb");
        await Send("PATCH", "/git/refs/heads/a/b", new JsonObject { ["sha"] = head, ["force"] = true });
        await Send("DELETE", "/git/refs/heads/a/b");
        await Send("PUT", "/contents/new.txt", Content("main", "again", null));
        var blob = $"{(await Send("GET", "/contents/new.txt"))!["sha"]}";
        await Send("DELETE", "/contents/new.txt", new JsonObject { ["message"] = "remove", ["sha"] = blob });
        Assert.NotNull(changed);
    }

    private static async Task TalkAsync(SocketBench bench, Judge judge, string token)
    {
        const string Root = "repos/acme/inside";
        var feature = bench.Inside.Write("feature", "README.md", "feature");
        Task<JsonNode?> Send(string method, string path, JsonObject? body = null) =>
            judge.SendAsync(bench, method, Root + path, token, body);

        await Send("POST", "/issues", new JsonObject { ["title"] = "Broken", ["labels"] = new JsonArray("bug") });
        await Send("GET", "/issues?state=all");
        await Send("GET", "/issues/1");
        await Send("PATCH", "/issues/1", new JsonObject { ["state"] = "closed" });
        await Send("POST", "/issues/1/comments", new JsonObject { ["body"] = "Seen." });
        await Send("GET", "/issues/1/comments");
        await Send(
            "POST",
            "/pulls",
            new JsonObject
            {
                ["title"] = "Feature",
                ["head"] = "feature",
                ["base"] = "main",
            }
        );
        await Send("GET", "/pulls?state=open&head=acme:feature");
        await Send("GET", "/pulls/2");
        await Send("PATCH", "/pulls/2", new JsonObject { ["title"] = "Better" });
        var check = await Send("POST", "/check-runs", new JsonObject { ["name"] = "sam", ["head_sha"] = feature });
        var done = new JsonObject
        {
            ["conclusion"] = "success",
            ["output"] = new JsonObject { ["title"] = "Good", ["summary"] = "All of it" },
        };
        await Send("PATCH", $"/check-runs/{check!["id"]}", done);
        await Send("GET", $"/check-runs/{check["id"]}");
        await Send("GET", "/commits/feature/check-runs");
        await Send("POST", $"/statuses/{feature}", new JsonObject { ["state"] = "success", ["context"] = "sam" });
        await Send("GET", "/commits/feature/status");
    }

    private static JsonObject Content(string branch, string text, string? sha)
    {
        JsonObject body = new()
        {
            ["message"] = "change",
            ["content"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)),
            ["branch"] = branch,
        };
        if (sha is not null)
        {
            body["sha"] = sha;
        }
        return body;
    }

    /// <summary>Sends, and judges both directions.</summary>
    private sealed class Judge(GitHubContract contract) : IDisposable
    {
        private readonly HttpClient _http = new();

        public List<string> Problems { get; } = [];

        public List<int> Statuses { get; } = [];

        public int Judged => Statuses.Count;

        public async Task<JsonNode?> SendAsync(
            SocketBench bench,
            string method,
            string path,
            string secret,
            JsonNode? body = null,
            HttpClient? client = null
        )
        {
            var address = new Uri(bench.Simulator.Endpoint, path);
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sam-tests", "1"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            request.Content = body is null ? null : JsonContent.Create(body);
            var query = address
                .Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('=')[0]);
            Problems.AddRange(await contract.RequestAsync(method, address.AbsolutePath, query, body?.ToJsonString()));
            using var response = await (client ?? _http).SendAsync(request, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Problems.AddRange(await contract.AnswerAsync(method, address.AbsolutePath, (int)response.StatusCode, text));
            Statuses.Add((int)response.StatusCode);
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }

        public void Dispose() => _http.Dispose();
    }
}
