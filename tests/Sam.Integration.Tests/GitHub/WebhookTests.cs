using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>Events as a receiver gets them, and their shapes by GitHub's own description.</summary>
public sealed class WebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receiver_on_a_socket_gets_a_signed_push_of_a_real_git()
    {
        Assert.SkipUnless(GitCommandLine.IsInstalled, "git is not installed (Debian package git)");
        var heard = Channel.CreateUnbounded<(string Event, string Signature, byte[] Body)>();
        await using var receiver = await ReceiveAsync(heard.Writer);
        await using var bench = await SocketBench.StartAsync(git: true);
        bench.App.WebhookUrl = new Uri(receiver.Urls.First());
        bench.App.WebhookSecret = "a secret";
        using var git = new GitCommandLine();
        var token = await bench.TokenAsync(("contents", "write"));

        await git.RunAsync(token, "clone", "-q", GitCommandLine.Url(bench.Simulator.Endpoint, "acme/inside"), "inside");
        await git.CommitAsync("inside", "a", "b");
        var push = await git.RunAsync(token, "-C", "inside", "push", "-q", "origin", "HEAD:refs/heads/task");
        var (name, signature, body) = await heard.Reader.ReadAsync(Cancellation);

        Assert.True(push.Status == 0, push.Text);
        Assert.Equal(("push", GitHubWebhooks.Sign("a secret", body)), (name, signature));
        Assert.Equal("refs/heads/task", $"{JsonNode.Parse(body)!["ref"]}");
        Assert.Equal(bench.Inside.Head("task"), $"{JsonNode.Parse(body)!["after"]}");
    }

    [Fact]
    public async Task Events_have_the_published_shapes()
    {
        var contract = await OpenApiPackage.LoadAsync(OpenApiPackage.Webhooks);
        await using var bench = await SocketBench.StartAsync(options: new GitHubSimulatorOptions { DeliversWebhooks = false });
        bench.App.WebhookUrl = new Uri("http://127.0.0.1:9/");

        Happen(bench);

        List<string> problems = [];
        foreach (var delivery in bench.Simulator.Webhooks.Deliveries)
        {
            var action = JsonNode.Parse(delivery.Payload)!["action"]?.GetValue<string>();
            problems.AddRange(await contract.EventAsync(delivery.Event, action, delivery.Payload));
        }
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.Equal(17, bench.Simulator.Webhooks.Deliveries.Count);
    }

    private static void Happen(SocketBench bench)
    {
        var other = bench.Simulator.Repositories.Add("acme", "other");
        bench.Simulator.Install(bench.App, other);
        bench.Inside.Write("main", "a", "b");
        bench.Inside.Write("feature", "a", "c");
        var talk = bench.Inside.Talk;
        var issue = talk.OpenIssue("mona", "Broken", "It is.");
        talk.Label(issue, "mona", "bug");
        talk.Comment(issue, "mona", "/sam fix");
        talk.Close(issue, "mona");
        var pull = talk.OpenPull("mona", "Fix", "feature", "main");
        talk.Close(pull, "mona");
        bench.Installation.Add(other);
        bench.Installation.Remove(other);
        bench.Inside.Rename("renamed");
        bench.Inside.Transfer("rivals");
        bench.Installation.Suspend();
        bench.Installation.Unsuspend();
        bench.Installation.Uninstall();
        other.Delete();
    }

    private static async Task<WebApplication> ReceiveAsync(ChannelWriter<(string, string, byte[])> heard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = builder.Build();
        receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = context.Request.Headers;
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            await heard.WriteAsync(($"{headers["X-GitHub-Event"]}", $"{headers["X-Hub-Signature-256"]}", body.ToArray()));
        });
        await receiver.StartAsync(Cancellation);
        return receiver;
    }
}
