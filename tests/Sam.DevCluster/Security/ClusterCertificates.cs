using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.DevCluster.Security;

/// <summary>A self-made authority with one server and one client certificate; kept only where the cluster keeps its state.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public ClusterCertificates(DateTimeOffset now, IPAddress address, KeepSecret keep)
    {
        var from = now.AddHours(-1);
        var until = now.AddYears(2);
        _authority = Load(keep("authority", () => MakeAuthority(from, until)));
        // An authority that was kept ends earlier.
        (from, until) = (_authority.NotBefore, _authority.NotAfter);
        Server = Issue("CN=sam-dev-cluster", from, until, "1.3.6.1.5.5.7.3.1", ServerNames(address));
        Client = Load(keep("administrator", () => MakeAdministrator(from, until)));
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public bool Trusts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _authority.Dispose();
    }

    private static byte[] MakeAuthority(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sam-dev-cluster-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(from, until);
        return authority.Export(X509ContentType.Pkcs12);
    }

    private byte[] MakeAdministrator(DateTimeOffset from, DateTimeOffset until)
    {
        using var made = Issue("O=system:masters, CN=admin", from, until, "1.3.6.1.5.5.7.3.2", names: null);
        return made.Export(X509ContentType.Pkcs12);
    }

    private static X509Certificate2 Load(byte[] pkcs12) =>
        X509CertificateLoader.LoadPkcs12(pkcs12, null, X509KeyStorageFlags.Exportable);

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
        return Load(withKey.Export(X509ContentType.Pkcs12));
    }
}
