using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>Events go, signed over their very bytes, to the Apps that are installed.</summary>
public sealed class WebhookTests
{
    private const string Secret = "it is a secret";

    [Fact]
    public async Task Tells_of_everything_that_happens_to_a_repository()
    {
        var receiver = new Receiver();
        await using var bench = Bench(receiver);
        var other = bench.Simulator.Repositories.Add("acme", "other");

        bench.Repository.Write("main", "a", "b");
        var issue = bench.Repository.Talk.OpenIssue("mona", "Broken", null, "bug");
        bench.Repository.Talk.Comment(issue, "mona", "/sam fix");
        bench.Repository.Write("feature", "a", "c");
        bench.Repository.Talk.OpenPull("mona", "Fix", "feature", "main");
        bench.Installation.Add(other);
        bench.Installation.Remove(other);
        bench.Repository.Rename("store");
        bench.Repository.Transfer("rivals");
        bench.Installation.Suspend();
        bench.Installation.Uninstall();
        await bench.Simulator.Webhooks.DeliverAsync(GitHubBench.Cancellation);

        Assert.Equal(
            [
                "installation created",
                "push ",
                "issues opened",
                "issue_comment created",
                "push ",
                "pull_request opened",
                "installation_repositories added",
                "installation_repositories removed",
                "repository renamed",
                "repository transferred",
                "installation suspend",
                "installation deleted",
            ],
            receiver.Seen.Select(seen => $"{seen.Event} {seen.Json["action"]}")
        );
        Assert.All(receiver.Seen, seen => Assert.True(seen.IsSigned(Secret)));
        Assert.All(
            receiver.Seen,
            seen => Assert.Equal(bench.Installation.Id, seen.Json["installation"]!["id"]!.GetValue<long>())
        );
        Assert.Equal(receiver.Seen.Count, receiver.Seen.Select(seen => seen.Delivery).Distinct().Count());
    }

    [Fact]
    public async Task Describes_a_push()
    {
        var receiver = new Receiver();
        await using var bench = Bench(receiver);
        var before = bench.Repository.Head("main");
        var after = bench.Repository.Write("main", "a", "b", "Add a");
        await bench.Simulator.Webhooks.DeliverAsync(GitHubBench.Cancellation);

        var push = receiver.Seen.Single(seen => seen.Event == "push").Json;

        Assert.Equal(("refs/heads/main", before, after), ($"{push["ref"]}", $"{push["before"]}", $"{push["after"]}"));
        Assert.Equal("Add a", $"{Assert.Single(push["commits"]!.AsArray())!["message"]}");
        Assert.Equal(bench.Repository.Id, push["repository"]!["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task Tells_nobody_whom_it_does_not_concern()
    {
        var receiver = new Receiver();
        await using var bench = Bench(receiver);
        bench.Simulator.Apps.Add("deaf");
        var foreign = bench.Simulator.Repositories.Add("rivals", "shop");

        foreign.Write("main", "a", "b");
        await bench.Simulator.Webhooks.DeliverAsync(GitHubBench.Cancellation);

        Assert.Equal("installation", Assert.Single(receiver.Seen).Event);
    }

    [Theory]
    [InlineData(GitHubFaults.WebhookLost, 0, true)]
    [InlineData(GitHubFaults.WebhookTwice, 2, true)]
    [InlineData(GitHubFaults.WebhookForged, 1, false)]
    [InlineData(GitHubFaults.WebhookUnsigned, 1, false)]
    public async Task Loses_repeats_or_forges_an_event(string fault, int times, bool isSigned)
    {
        var receiver = new Receiver();
        await using var bench = Bench(receiver);
        bench.Simulator.Faults.Play(new GitHubFault(fault) { Count = 1, Path = "push" });

        bench.Repository.Write("main", "a", "b");
        await bench.Simulator.Webhooks.DeliverAsync(GitHubBench.Cancellation);

        var pushes = receiver.Seen.Where(seen => seen.Event == "push").ToList();
        Assert.Equal(times, pushes.Count);
        Assert.All(pushes, push => Assert.Equal(isSigned, push.IsSigned(Secret)));
        Assert.True(pushes.Select(push => push.Delivery).Distinct().Count() <= 1);
    }

    [Fact]
    public async Task Notes_what_the_receiver_said_and_sends_again_under_the_same_id()
    {
        var receiver = new Receiver { Status = HttpStatusCode.InternalServerError };
        await using var bench = Bench(receiver);
        await bench.Simulator.Webhooks.DeliverAsync(GitHubBench.Cancellation);
        var delivery = Assert.Single(bench.Simulator.Webhooks.Deliveries);

        receiver.Status = HttpStatusCode.NoContent;
        await bench.Simulator.Webhooks.RedeliverAsync(delivery, GitHubBench.Cancellation);

        Assert.Equal([500, 204], delivery.Statuses);
        Assert.Equal([delivery.Id, delivery.Id], receiver.Seen.Select(seen => seen.Delivery));
    }

    private static GitHubBench Bench(Receiver receiver) =>
        new(
            new GitHubSimulatorOptions { WebhookHandler = receiver },
            new SimulatedAppOptions { WebhookUrl = new Uri("http://operator.test/github"), WebhookSecret = Secret }
        );

    private sealed record Heard(string Event, Guid Delivery, string? Signature, byte[] Body)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;

        public bool IsSigned(string secret) =>
            Signature == $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body))}";
    }

    private sealed class Receiver : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.NoContent;

        public List<Heard> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            string? Header(string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            Seen.Add(
                new Heard(
                    Header("X-GitHub-Event")!,
                    Guid.Parse(Header("X-GitHub-Delivery")!),
                    Header("X-Hub-Signature-256"),
                    body
                )
            );
            return new HttpResponseMessage(Status);
        }
    }
}
