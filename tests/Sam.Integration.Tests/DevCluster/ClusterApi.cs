using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster;
using Sam.Testing;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>One answer of the API.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body, IReadOnlyList<string> Warnings)
{
    public string Message => Body?["message"]?.GetValue<string>() ?? "";

    public JsonNode? At(params ReadOnlySpan<string> path)
    {
        var node = Body;
        foreach (var step in path)
            node = node?[step];
        return node;
    }

    public string Text(params ReadOnlySpan<string> path) => At(path)?.ToString() ?? "";
}

/// <summary>Plain requests to a dev cluster, as the administrator unless a header says otherwise.</summary>
internal sealed class ClusterApi : IDisposable
{
    private readonly HttpClient _client;
    private readonly DevClusterServer _server;

    public ClusterApi(DevClusterServer server)
    {
        _server = server;
        var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(server.AuthorityPem) },
        };
        _client = new HttpClient(handler) { BaseAddress = server.BaseAddress };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<ApiAnswer> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, token, headers: headers);

    public Task<ApiAnswer> PostAsync(
        string path,
        string yaml,
        string? token = null,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Post, path, yaml, token, headers: headers);

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string? token = null,
        string media = "application/yaml",
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token != "")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _server.BearerToken);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(media);
        }
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return new ApiAnswer(
            (int)response.StatusCode,
            text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text),
            response.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : []
        );
    }

    /// <summary>The lines of a watch, each as it comes.</summary>
    public async IAsyncEnumerable<JsonNode> WatchAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.BearerToken);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        while (await reader.ReadLineAsync(Cancel) is { } line)
            yield return JsonNode.Parse(line)!;
    }

    /// <summary>Asks until the answer is as wanted, with much patience.</summary>
    public async Task<ApiAnswer> UntilAsync(string path, Func<ApiAnswer, bool> wanted)
    {
        ApiAnswer? answer = null;
        await Poll.UntilAsync(
            async () => wanted(answer = await GetAsync(path)),
            () => Task.FromResult($"{path} stayed {answer?.Status}: {answer?.Body?.ToJsonString()}"),
            Cancel
        );
        return answer!;
    }

    /// <summary>A token of a service account.</summary>
    public async Task<string> TokenAsync(string @namespace, string account)
    {
        var answer = await PostAsync(
            $"/api/v1/namespaces/{@namespace}/serviceaccounts/{account}/token",
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {}}"
        );
        Assert.Equal(201, answer.Status);
        return answer.Text("status", "token");
    }

    public void Dispose() => _client.Dispose();
}
