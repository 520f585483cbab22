using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>A simulator on loopback with one App and two repositories, of which one is installed.</summary>
internal sealed class SocketBench : IAsyncDisposable
{
    private readonly HttpClient _http;

    private SocketBench(GitHubSimulator simulator, FakeTimeProvider time, bool git)
    {
        (Simulator, Time) = (simulator, time);
        App = simulator.Apps.Add("sam");
        Inside = simulator.Repositories.Add("acme", "inside", new SimulatedRepositoryOptions { Git = git });
        Outside = simulator.Repositories.Add("acme", "outside", new SimulatedRepositoryOptions { Git = git });
        Installation = simulator.Install(App, Inside);
        _http = new HttpClient { BaseAddress = simulator.Endpoint };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sam-tests", "1"));
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public GitHubSimulator Simulator { get; }
    public FakeTimeProvider Time { get; }
    public SimulatedApp App { get; }
    public SimulatedRepository Inside { get; }
    public SimulatedRepository Outside { get; }
    public SimulatedInstallation Installation { get; }

    public static async Task<SocketBench> StartAsync(bool git = false, GitHubSimulatorOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        options = (options ?? new GitHubSimulatorOptions()) with { TimeProvider = time };
        return new SocketBench(await GitHubSimulator.StartAsync(options, Cancellation), time, git);
    }

    public string Jwt() => App.SignJwt(Time.GetUtcNow());

    public async Task<string> TokenAsync(params (string Name, string Level)[] permissions)
    {
        var body = new JsonObject
        {
            ["repository_ids"] = new JsonArray(Inside.Id),
            ["permissions"] = new JsonObject(permissions.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Level))),
        };
        var (_, answer) = await SendAsync(HttpMethod.Post, $"app/installations/{Installation.Id}/access_tokens", Jwt(), body);
        return answer!["token"]!.GetValue<string>();
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(
        HttpMethod method,
        string path,
        string? secret,
        JsonNode? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
    }
}
