using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.EndToEnd.Tests.Lab;

/// <summary>A certificate authority with the server's and the client's certificate, as PEM.</summary>
internal sealed class LabPki : IDisposable
{
    private readonly DateTimeOffset from = DateTimeOffset.UtcNow.AddMinutes(-5);
    private readonly DateTimeOffset until = DateTimeOffset.UtcNow.AddHours(2);
    private readonly X509Certificate2 authority;

    public LabPki()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=lab", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authority = request.CreateSelfSigned(from, until);
        AuthorityPem = authority.ExportCertificatePem();
        (ServerPem, ServerKeyPem) = Issue("CN=server", "1.3.6.1.5.5.7.3.1");
        var (client, clientKey) = Issue("CN=client", "1.3.6.1.5.5.7.3.2");
        using var parts = X509Certificate2.CreateFromPem(client, clientKey);
        Client = X509CertificateLoader.LoadPkcs12(parts.Export(X509ContentType.Pkcs12), null);
    }

    public string AuthorityPem { get; }

    public string ServerPem { get; }

    public string ServerKeyPem { get; }

    public X509Certificate2 Client { get; }

    /// <summary>A client that trusts only this server certificate; with or without a certificate of its own.</summary>
    public HttpClient Connect(Uri address, bool withCertificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 given && given.ExportCertificatePem() == ServerPem;
        if (withCertificate)
        {
            handler.SslOptions.ClientCertificates = [Client];
        }

        return new HttpClient(handler) { BaseAddress = address };
    }

    public void Dispose()
    {
        Client.Dispose();
        authority.Dispose();
    }

    private (string Certificate, string Key) Issue(string subject, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
