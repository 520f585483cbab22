using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sam.DevCluster.Security;

/// <summary>A self-made authority with one server and one client certificate; kept only where the cluster keeps its state.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    public const string ProxyName = "front-proxy-client";

    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2Collection _trusted = [];
    private readonly X509Certificate2 _proxyAuthority;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;

    public ClusterCertificates(DateTimeOffset now, IPAddress address, KeepSecret keep, ServingFiles? given = null)
    {
        _from = now.AddHours(-1);
        _until = now.AddYears(2);
        _authority = Load(keep("authority", () => Authority("CN=sam-dev-cluster-ca")));
        _proxyAuthority = Load(keep("front-proxy-authority", () => Authority("CN=sam-dev-cluster-front-proxy-ca")));
        // Authorities that were kept end earlier.
        (_from, _until) = (new DateTimeOffset(_authority.NotBefore), new DateTimeOffset(_authority.NotAfter));
        _trusted.Add(_authority);
        if (given is not null)
            _trusted.ImportFromPemFile(given.ClientAuthority);
        AuthorityPem = _trusted[^1].ExportCertificatePem();
        Server =
            given?.Load()
            ?? Issue(_authority, new X500DistinguishedName("CN=sam-dev-cluster"), ServerUsage, ServerNames(address));
        Client = Load(keep("administrator", () => Export(IssueClient("admin", [UserInfo.Masters]))));
        Proxy = Issue(_proxyAuthority, new X500DistinguishedName("CN=" + ProxyName), ClientUsage, names: null);
    }

    /// <summary>A client certificate for a user and its groups.</summary>
    public X509Certificate2 IssueClient(string user, IEnumerable<string> groups)
    {
        // The builder encodes last what was added first.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(user);
        foreach (var group in groups.Reverse())
            subject.AddOrganizationName(group);
        return Issue(_authority, subject.Build(), ClientUsage, names: null);
    }

    private byte[] Authority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return Export(request.CreateSelfSigned(_from, _until));
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>What extension servers know the front proxy by.</summary>
    public X509Certificate2 Proxy { get; }

    public string ProxyAuthorityPem => _proxyAuthority.ExportCertificatePem();

    /// <summary>The authority that clients are to trust: the given one, or our own.</summary>
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
        Proxy.Dispose();
        _proxyAuthority.Dispose();
        foreach (var authority in _trusted)
            authority.Dispose();
    }

    private static byte[] Export(X509Certificate2 certificate)
    {
        using (certificate)
            return certificate.Export(X509ContentType.Pkcs12);
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

    private X509Certificate2 Issue(X509Certificate2 authority, X500DistinguishedName subject, string usage, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using var issued = request.Create(
            authority,
            _from.AddMinutes(1),
            _until.AddMinutes(-1),
            RandomNumberGenerator.GetBytes(16)
        );
        using var withKey = issued.CopyWithPrivateKey(key);
        // Through PKCS#12 once: SslStream does not take an ephemeral key on every platform.
        return Load(withKey.Export(X509ContentType.Pkcs12));
    }
}
