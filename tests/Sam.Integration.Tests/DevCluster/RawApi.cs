using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Sam.DevCluster;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Requests whose answers are looked at as they come: no redirect is followed and nothing is unpacked.</summary>
internal sealed class RawApi : IDisposable
{
    private readonly HttpClient _client;

    public RawApi(DevClusterServer server)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(server.AuthorityPem) },
        };
        _client = new HttpClient(handler) { BaseAddress = server.BaseAddress };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.BearerToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _client.Dispose();
}
