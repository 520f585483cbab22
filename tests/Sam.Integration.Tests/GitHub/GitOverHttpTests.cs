using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>Real clones and pushes: what the token covers works, everything else does not.</summary>
public sealed class GitOverHttpTests : IAsyncLifetime, IDisposable
{
    private readonly GitCommandLine _git = new();
    private SocketBench _bench = null!;

    private Uri Endpoint => _bench.Simulator.Endpoint;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(GitCommandLine.IsInstalled, "git is not installed (Debian package git)");
        _bench = await SocketBench.StartAsync(git: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
        Dispose();
    }

    public void Dispose() => _git.Dispose();

    [Fact]
    public async Task Clones_and_pushes_what_the_token_covers()
    {
        var token = await _bench.TokenAsync(("contents", "write"));

        var clone = await CloneAsync(token, "acme/inside.git");
        await _git.CommitAsync("acme/inside.git", "src/app.txt", "hello");
        var push = await _git.RunAsync(token, "-C", "acme/inside.git", "push", "origin", "HEAD:refs/heads/feature");
        var (status, file) = await _bench.SendAsync(HttpMethod.Get, "repos/acme/inside/contents/src/app.txt?ref=feature", token);

        Assert.True(clone.Status == 0, clone.Text);
        Assert.True(push.Status == 0, push.Text);
        Assert.Equal((200, 5), (status, file!["size"]!.GetValue<int>()));
        Assert.Equal(
            _bench.Inside.Head("feature"),
            (await _git.RunAsync("", "-C", "acme/inside.git", "rev-parse", "HEAD")).Text.Trim()
        );
        Assert.NotEqual(_bench.Inside.Head("main"), _bench.Inside.Head("feature"));
    }

    [Fact]
    public async Task Refuses_what_the_token_does_not_cover()
    {
        var reader = await _bench.TokenAsync(("contents", "read"));
        var other = await _bench.TokenAsync(("issues", "read"));

        var inside = await CloneAsync(reader, "acme/inside.git");
        await _git.CommitAsync("acme/inside.git", "a", "b");
        var push = await _git.RunAsync(reader, "-C", "acme/inside.git", "push", "origin", "HEAD:main");
        var outside = await CloneAsync(reader, "acme/outside");
        var noContents = await CloneAsync(other, "acme/inside");
        var nobody = await CloneAsync("ghs_nothing", "acme/inside");

        Assert.True(inside.Status == 0, inside.Text);
        Assert.NotEqual(0, push.Status);
        Assert.Contains("403", push.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, outside.Status);
        Assert.Contains("not found", outside.Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, noContents.Status);
        Assert.NotEqual(0, nobody.Status);
    }

    [Fact]
    public async Task Refuses_a_token_that_ended()
    {
        var (revoked, expired) = (await _bench.TokenAsync(("contents", "read")), await _bench.TokenAsync(("contents", "read")));
        await _bench.SendAsync(HttpMethod.Delete, "installation/token", revoked);

        var afterRevocation = await CloneAsync(revoked, "acme/inside");
        var inTime = await CloneAsync(expired, "acme/inside");
        _bench.Time.Advance(TimeSpan.FromHours(1));
        var afterExpiry = await _git.RunAsync(expired, "-C", "acme/inside", "fetch");

        Assert.NotEqual(0, afterRevocation.Status);
        Assert.True(inTime.Status == 0, inTime.Text);
        Assert.NotEqual(0, afterExpiry.Status);
    }

    [Fact]
    public async Task Takes_any_user_name_and_follows_a_rename()
    {
        var token = await _bench.TokenAsync(("contents", "read"));
        _bench.Inside.Rename("renamed");

        var byOldName = await _git.RunAsync(
            token,
            "clone",
            "-q",
            GitCommandLine.Url(Endpoint, "acme/inside.git", "anything"),
            "one"
        );
        var byNewName = await _git.RunAsync(token, "clone", "-q", GitCommandLine.Url(Endpoint, "acme/renamed"), "two");

        Assert.True(byOldName.Status == 0, byOldName.Text);
        Assert.True(byNewName.Status == 0, byNewName.Text);
    }

    [Fact]
    public async Task Keeps_workflows_from_a_token_without_that_permission()
    {
        _bench.Installation.Grant(new Dictionary<string, string> { ["contents"] = "write", ["workflows"] = "write" });
        var without = await _bench.TokenAsync(("contents", "write"));
        var with = await _bench.TokenAsync(("contents", "write"), ("workflows", "write"));
        await CloneAsync(without, "acme/inside");
        await _git.CommitAsync("acme/inside", ".github/workflows/ci.yml", "on: push");

        var refused = await _git.RunAsync(without, "-C", "acme/inside", "push", "origin", "HEAD:main");
        var allowed = await _git.RunAsync(with, "-C", "acme/inside", "push", "origin", "HEAD:main");

        Assert.NotEqual(0, refused.Status);
        Assert.Contains("without `workflows` permission", refused.Text, StringComparison.Ordinal);
        Assert.True(allowed.Status == 0, allowed.Text);
    }

    [Fact]
    public async Task Pushes_more_than_one_buffer_holds()
    {
        var token = await _bench.TokenAsync(("contents", "write"));
        await CloneAsync(token, "acme/inside");
        var noise = new Random(7);
        await _git.CommitAsync(
            "acme/inside",
            "noise",
            string.Concat(Enumerable.Range(0, 4_000_000).Select(_ => (char)noise.Next(33, 126)))
        );

        var push = await _git.RunAsync(token, "-C", "acme/inside", "push", "origin", "HEAD:main");

        Assert.True(push.Status == 0, push.Text);
        var calls = _bench.Simulator.Calls.Where(call => call is { Route: "git push", Status: 200 }).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal(_bench.Installation.Id, call.InstallationId));
    }

    [Theory]
    [InlineData(GitHubFaults.GitRefused)]
    [InlineData(GitHubFaults.GitCut)]
    public async Task Fails_and_recovers_when_git_is_out(string fault)
    {
        var token = await _bench.TokenAsync(("contents", "read"));
        // Until it is stopped: a client tries again by itself when a connection it kept breaks.
        _bench.Simulator.Faults.Play(new GitHubFault(fault));

        var first = await CloneAsync(token, "acme/inside");
        _bench.Simulator.Faults.Stop(fault);
        var second = await CloneAsync(token, "acme/inside");

        Assert.NotEqual(0, first.Status);
        Assert.True(second.Status == 0, second.Text);
    }

    [Fact]
    public async Task Shows_over_the_api_what_is_in_the_bare_repository()
    {
        var token = await _bench.TokenAsync(("contents", "write"));

        var (_, created) = await _bench.SendAsync(
            HttpMethod.Post,
            "repos/acme/inside/git/refs",
            token,
            new System.Text.Json.Nodes.JsonObject { ["ref"] = "refs/heads/task", ["sha"] = _bench.Inside.Head("main") }
        );
        var clone = await _git.RunAsync(
            token,
            "clone",
            "-q",
            "--branch",
            "task",
            GitCommandLine.Url(Endpoint, "acme/inside"),
            "task"
        );
        var tree = await _bench.SendAsync(HttpMethod.Get, "repos/acme/inside/git/trees/task?recursive=1", token);
        var fsck = await _git.RunAsync("", "-C", "task", "fsck", "--strict");

        Assert.Equal("refs/heads/task", created!["ref"]!.GetValue<string>());
        Assert.True(clone.Status == 0, clone.Text);
        Assert.Equal("README.md", tree.Body!["tree"]![0]!["path"]!.GetValue<string>());
        Assert.True(fsck.Status == 0, fsck.Text);
    }

    private Task<(int Status, string Text)> CloneAsync(string token, string path) =>
        _git.RunAsync(token, "clone", "-q", GitCommandLine.Url(Endpoint, path), path);
}
