using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sam.Simulators.GitHub;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>A simulator in process with one App, one repository and one installation, and a bare client for it.</summary>
internal sealed class GitHubBench : IAsyncDisposable
{
    // Making one takes longer than most of these tests.
    private static readonly Lazy<string> s_key = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    });

    private readonly HttpClient _http;

    public GitHubBench(GitHubSimulatorOptions? options = null, SimulatedAppOptions? app = null)
    {
        Simulator = GitHubSimulator.Create((options ?? new GitHubSimulatorOptions()) with { TimeProvider = Time });
        App = Simulator.Apps.Add("sam", (app ?? new SimulatedAppOptions()) with { PrivateKeyPem = s_key.Value });
        Repository = Simulator.Repositories.Add("acme", "shop");
        Installation = Simulator.Install(App, Repository);
        _http = new HttpClient(Simulator.CreateHandler()) { BaseAddress = Simulator.Endpoint };
    }

    public static string Key => s_key.Value;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    public GitHubSimulator Simulator { get; }
    public SimulatedApp App { get; }
    public SimulatedRepository Repository { get; }
    public SimulatedInstallation Installation { get; }
    public string MintPath => $"app/installations/{Installation.Id}/access_tokens";

    /// <summary>A good JWT of the App.</summary>
    public string Jwt() => App.SignJwt(Time.GetUtcNow() - TimeSpan.FromSeconds(60));

    /// <summary>A token for the repository.</summary>
    public async Task<string> TokenAsync(params (string Name, string Level)[] permissions)
    {
        var body = new JsonObject
        {
            ["repository_ids"] = new JsonArray(Repository.Id),
            ["permissions"] = new JsonObject(permissions.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Level))),
        };
        var reply = await SendAsync("POST", MintPath, Jwt(), body);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        return reply.Text("token");
    }

    public async Task<Reply> SendAsync(
        string method,
        string path,
        string? secret = null,
        JsonNode? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sam-tests", "1"));
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return new Reply(
            response.StatusCode,
            text,
            response.Headers.ToDictionary(
                pair => pair.Key,
                pair => string.Join(", ", pair.Value),
                StringComparer.OrdinalIgnoreCase
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record Reply(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Text(string name) => Json[name]!.GetValue<string>();

    public string Message => Text("message");
}
