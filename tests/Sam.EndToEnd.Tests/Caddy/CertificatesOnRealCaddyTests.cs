using Sam.Compose.Rendering;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Testing;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>A certificate from each kind of authority, found where SAM looks for it. The public one is another Caddy that speaks ACME (RFC 8555).</summary>
public sealed class CertificatesOnRealCaddyTests : IDisposable
{
    private const string Host = "shop.test";
    private const string Directory = "https://ca.test:8443/acme/local/directory";

    private readonly CaddyProcess _caddy = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _caddy.Dispose();

    [Fact]
    public async Task A_certificate_by_ACME_is_obtained_and_read()
    {
        SkipWithoutCaddy();
        await _caddy.OpenAsync(Stop, Host, "ca.test");
        using var authority = new CaddyProcess(_caddy);
        await authority.StartAsync(authority.Write("ca.json", Authority(authority.Socket)), Stop);
        await ExistsAsync(authority.RootCertificate);
        // As a machine that trusts the authority would.
        _caddy.Variables["SSL_CERT_FILE"] = authority.RootCertificate;

        var reading = await ServeAsync(TlsMode.ACME, new AcmeSpec { Email = "ops@shop.test", CaServer = Directory });

        Assert.Equal(CertificateState.Valid, reading.StateAt(TimeProvider.System.GetUtcNow()));
        Assert.Contains("Intermediate", reading.Issuer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_Caddys_own_authority_is_read()
    {
        SkipWithoutCaddy();
        await _caddy.OpenAsync(Stop, Host);

        var reading = await ServeAsync(TlsMode.Internal, acme: null);

        Assert.Equal(CertificateState.Valid, reading.StateAt(TimeProvider.System.GetUtcNow()));
        Assert.True(reading.NotAfter - reading.NotBefore < TimeSpan.FromDays(1), "Caddy's own certificates live half a day");
    }

    private async Task<CertificateReading> ServeAsync(TlsMode tls, AcmeSpec? acme)
    {
        var document = CaddyDocument.Render(
            new CaddyNode
            {
                Tls = tls == TlsMode.ACME ? CaddyTls.Acme : CaddyTls.Internal,
                Email = acme?.Email,
                CaServer = acme?.CaServer,
                AdminSocket = _caddy.Socket,
                Routes = [new CaddyRoute(Host, "/", "0a1b2c3d-web", 3000, "a/shop")],
            }
        );
        await _caddy.StartAsync(_caddy.Write("node.json", document), Stop);
        var node = new DeploymentNode { Spec = { Tls = tls, Acme = acme } };
        // Caddy's data is in /data on a node.
        var file = _caddy.Data(CertificatePath.Of(node, Host)["/data/".Length..]);
        await ExistsAsync(file);
        return CertificateReading.Parse(await File.ReadAllBytesAsync(file, Stop), TimeProvider.System.GetUtcNow());
    }

    private static Task ExistsAsync(string file) => Poll.UntilAsync(() => File.Exists(file), $"{file} was not written", Stop);

    private static string Authority(string socket) =>
        """
            {"admin": {"listen": "unix/SOCKET", "origins": [""]},
             "apps": {
               "pki": {"certificate_authorities": {"local": {"install_trust": false}}},
               "http": {"servers": {"ca": {"listen": [":8443"], "automatic_https": {"disable_redirects": true},
                 "routes": [{"match": [{"host": ["ca.test"]}], "handle": [{"handler": "acme_server", "host": "ca.test:8443"}]}]}}},
               "tls": {"automation": {"policies": [{"subjects": ["ca.test"], "issuers": [{"module": "internal"}]}]}}}}
            """.Replace("SOCKET", socket, StringComparison.Ordinal);

    private static void SkipWithoutCaddy()
    {
        if (CaddyProcess.Missing() is not { } reason)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"In CI this must run: {reason}");
        Assert.Skip(reason);
    }
}
