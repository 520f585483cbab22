using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.Operator.Clients.Docker;

/// <summary>The operator's side of mutual TLS as PEM, as a Secret keeps it.</summary>
/// <param name="AuthorityCertificate">Client CA certificate.</param>
/// <param name="AuthorityKey">Its key; signs the next client certificate.</param>
/// <param name="ClientCertificate">Client certificate.</param>
/// <param name="ClientKey">Its key.</param>
/// <param name="PreviousAuthorityCertificate">The CA before a rotation; Machines made then know only that one. Empty if none.</param>
public sealed record OperatorIdentityPems(
    string AuthorityCertificate,
    string AuthorityKey,
    string ClientCertificate,
    string ClientKey,
    string PreviousAuthorityCertificate = ""
)
{
    /// <inheritdoc/>
    public override string ToString() => "operator identity";
}

/// <summary>The installation's client CA and the certificate the operator shows to engines.</summary>
public sealed class OperatorIdentity : IDisposable
{
    private static readonly TimeSpan authorityLife = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan clientLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan skew = TimeSpan.FromHours(24);

    private OperatorIdentity(X509Certificate2 clientCertificate, string authorities, DateTimeOffset notAfter)
    {
        ClientCertificate = clientCertificate;
        Authorities = authorities;
        NotAfter = notAfter;
    }

    /// <summary>Certificate with its private key.</summary>
    public X509Certificate2 ClientCertificate { get; }

    /// <summary>PEM bundle of the client CAs that a Machine is to accept: one, or two while a rotation is under way.</summary>
    public string Authorities { get; }

    /// <summary>When the client certificate ends.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Makes a new CA and a client certificate of it. After a rotation, keep the old CA as the previous one.</summary>
    /// <param name="installation">Installation id, for the subject.</param>
    /// <param name="now">The time.</param>
    public static OperatorIdentityPems Create(string installation, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN=sam client ca {installation}"),
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, hasPathLengthConstraint: true, 0, critical: true)
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(now - skew, now + authorityLife);
        var (certificate, clientKey) = Issue(authority, installation, now);
        return new OperatorIdentityPems(authority.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate, clientKey);
    }

    /// <summary>A new client certificate of the same CA: no Machine has to learn anything.</summary>
    public static OperatorIdentityPems Renew(OperatorIdentityPems pems, string installation, DateTimeOffset now)
    {
        using var authority = X509Certificate2.CreateFromPem(pems.AuthorityCertificate, pems.AuthorityKey);
        var (certificate, key) = Issue(authority, installation, now);
        return pems with { ClientCertificate = certificate, ClientKey = key };
    }

    /// <summary>Reads what <see cref="Create"/> made; throws <see cref="CryptographicException"/> if a part is not what it should be.</summary>
    public static OperatorIdentity Parse(OperatorIdentityPems pems)
    {
        using var authority = X509Certificate2.CreateFromPem(pems.AuthorityCertificate);
        var authorities = Normalize(authority);
        if (pems.PreviousAuthorityCertificate.Length > 0)
        {
            using var previous = X509Certificate2.CreateFromPem(pems.PreviousAuthorityCertificate);
            authorities += Normalize(previous);
        }

        var client = X509Certificate2.CreateFromPem(pems.ClientCertificate, pems.ClientKey);
        return new OperatorIdentity(client, authorities, new DateTimeOffset(client.NotAfter.ToUniversalTime()));
    }

    /// <inheritdoc/>
    public void Dispose() => ClientCertificate.Dispose();

    private static string Normalize(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    private static (string Certificate, string Key) Issue(X509Certificate2 authority, string installation, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN=sam operator {installation}"),
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(false, hasPathLengthConstraint: false, 0, critical: true)
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var usage = new OidCollection { new Oid("1.3.6.1.5.5.7.3.2") };
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usage, critical: false));
        using var certificate = request.Create(authority, now - skew, now + clientLife, RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
