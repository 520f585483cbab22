using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.DevCluster.Security;

/// <summary>A self-made authority with one server and one client certificate; nothing touches the disk.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2Collection _trusted = [];

    public ClusterCertificates(DateTimeOffset now, IPAddress address, ServingFiles? given = null)
    {
        var from = now.AddHours(-1);
        var until = now.AddYears(2);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sam-dev-cluster-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(from, until);
        _trusted.Add(_authority);
        if (given is not null)
            _trusted.ImportFromPemFile(given.ClientAuthority);
        AuthorityPem = _trusted[^1].ExportCertificatePem();
        Server = given?.Load() ?? Issue("CN=sam-dev-cluster", from, until, "1.3.6.1.5.5.7.3.1", ServerNames(address));
        Client = Issue("O=system:masters, CN=admin", from, until, "1.3.6.1.5.5.7.3.2", names: null);
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>The authority that clients are to trust.</summary>
    public string AuthorityPem { get; }

    public bool Trusts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        foreach (var authority in _trusted)
            authority.Dispose();
    }

    private static X509Extension ServerNames(IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        if (!address.Equals(IPAddress.Loopback))
            names.AddIpAddress(address);
        foreach (var name in new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc" })
            names.AddDnsName(name);
        return names.Build();
    }

    private X509Certificate2 Issue(string subject, DateTimeOffset from, DateTimeOffset until, string usage, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using var issued = request.Create(
            _authority,
            from.AddMinutes(1),
            until.AddMinutes(-1),
            RandomNumberGenerator.GetBytes(16)
        );
        using var withKey = issued.CopyWithPrivateKey(key);
        // Through PKCS#12 once: SslStream does not take an ephemeral key on every platform.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
