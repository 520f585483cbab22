using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Registry;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Registry;

/// <summary>The endpoint as a server: over TLS, with the public keys beside it, and nothing else.</summary>
public sealed class TokenServerTests(SharedCluster shared) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-tokens-").FullName;
    private OperatorHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tokens.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem(), Cancel);
        var options = new RegistryOptions
        {
            Trusted = [new TrustedRegistry { Host = "registry.test" }],
            Endpoint = new TokenEndpointOptions
            {
                Port = 0,
                CertificateFile = Path.Combine(_folder, "tls.crt"),
                KeyFile = Path.Combine(_folder, "tls.key"),
            },
        };
        _host = await OperatorHost.StartAsync(shared.Cluster, options, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_serves_the_given_certificate_the_public_keys_and_challenges()
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "tls.crt"));
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(root);
        using var http = new HttpClient(handler) { BaseAddress = _host.TokenEndpoint };

        var bundle = await http.GetStringAsync(new Uri("/keys/bundle.pem", UriKind.Relative), Cancel);
        var jwks = await http.GetStringAsync(new Uri("/keys/jwks.json", UriKind.Relative), Cancel);
        using var challenge = await http.GetAsync(new Uri("/token?service=registry.test", UriKind.Relative), Cancel);
        using var elsewhere = await http.GetAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        using var put = await http.PutAsync(new Uri("/token", UriKind.Relative), null, Cancel);
        using var large = await http.SendAsync(Large(), Cancel);

        Assert.Equal("https", _host.TokenEndpoint.Scheme);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", bundle, StringComparison.Ordinal);
        Assert.DoesNotContain("\"d\"", jwks, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, challenge.StatusCode);
        Assert.Equal("Basic", Assert.Single(challenge.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, put.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    // Its head goes first: the refusal closes the connection, and may overtake a body that is still on its way.
    private static HttpRequestMessage Large() =>
        new(HttpMethod.Post, new Uri("/token", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "password"), new("password", new string('x', 100_000))]),
            Headers = { ExpectContinue = true },
        };
}
