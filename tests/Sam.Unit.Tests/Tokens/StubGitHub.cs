using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.GitHub;

namespace Sam.Unit.Tests.Tokens;

/// <summary>A GitHub that answers what a test says, with headers that a simulator does not send.</summary>
internal sealed class StubGitHub : HttpMessageHandler
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    /// <summary>How far GitHub's clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    public Func<HttpRequestMessage, HttpResponseMessage> Next { get; set; } = _ => Answer(200, "{}");

    public List<string> Calls { get; } = [];

    public DateTimeOffset Theirs => Time.GetUtcNow() + Ahead;

    public SwitchedLeadership Leadership { get; } = new();

    public GitHubApps Client() => new(new GitHubOptions(), Leadership, Time, new Random(1), handler: this);

    public static GitHubAppKey Key(string appId = "1") => GitHubAppKey.Read(appId, Keys.Pem);

    public static HttpResponseMessage Answer(int status, string body, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        var answer = Next(request);
        answer.Headers.Date ??= Theirs;
        return Task.FromResult(answer);
    }
}
