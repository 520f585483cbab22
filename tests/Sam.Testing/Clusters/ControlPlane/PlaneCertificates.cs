using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>Certificates and keys of a control plane that lives for one run.</summary>
internal sealed class PlaneCertificates : IDisposable
{
    public const string Authority = "ca.crt";
    public const string ServerCertificate = "apiserver.crt";
    public const string ServerKey = "apiserver.key";
    public const string AccountKey = "service-account.key";
    public const string KubeconfigFile = "admin.kubeconfig";
    public const string ProxyAuthority = "front-proxy-ca.crt";
    public const string ProxyCertificate = "front-proxy-client.crt";
    public const string ProxyKey = "front-proxy-client.key";
    public const string ProxyName = "front-proxy-client";

    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _server;

    // An authority of its own: whoever has a certificate of it may speak for any user.
    private readonly X509Certificate2 _proxyAuthority;
    private readonly X509Certificate2 _proxy;
    private readonly DateTimeOffset _from;

    public PlaneCertificates(DateTimeOffset now)
    {
        _from = now.AddHours(-1);
        _authority = NewAuthority("CN=sam-test-ca");
        _proxyAuthority = NewAuthority("CN=sam-test-front-proxy-ca");
        _server = Issue(_authority, "CN=kube-apiserver", "1.3.6.1.5.5.7.3.1");
        _proxy = Issue(_proxyAuthority, $"CN={ProxyName}", "1.3.6.1.5.5.7.3.2");
        // kube-apiserver binds this group to all rights.
        Administrator = Issue(_authority, "O=system:masters, CN=sam-test", "1.3.6.1.5.5.7.3.2");
    }

    /// <summary>The administrator's certificate, with its key.</summary>
    public X509Certificate2 Administrator { get; }

    public bool IsServer(X509Certificate? presented) => presented?.GetCertHashString() == _server.GetCertHashString();

    /// <summary>Writes the servers' side, keys for their owner only.</summary>
    public void Write(string folder, string kubeconfig)
    {
        WriteKey(Path.Combine(folder, KubeconfigFile), kubeconfig);
        File.WriteAllText(Path.Combine(folder, Authority), _authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, ServerCertificate), _server.ExportCertificatePem());
        using var serverKey = _server.GetECDsaPrivateKey()!;
        WriteKey(Path.Combine(folder, ServerKey), serverKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, ProxyAuthority), _proxyAuthority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, ProxyCertificate), _proxy.ExportCertificatePem());
        using var proxyKey = _proxy.GetECDsaPrivateKey()!;
        WriteKey(Path.Combine(folder, ProxyKey), proxyKey.ExportPkcs8PrivateKeyPem());
        using var account = RSA.Create(2048);
        WriteKey(Path.Combine(folder, AccountKey), account.ExportRSAPrivateKeyPem());
    }

    public string Kubeconfig(Uri server)
    {
        using var key = Administrator.GetECDsaPrivateKey()!;
        return $"""
            apiVersion: v1
            kind: Config
            clusters: [{"{"}name: test, cluster: {"{"}server: "{server}", certificate-authority-data: {Encode(
                _authority.ExportCertificatePem()
            )}{"}}"}]
            users: [{"{"}name: admin, user: {"{"}client-certificate-data: {Encode(
                Administrator.ExportCertificatePem()
            )}, client-key-data: {Encode(key.ExportPkcs8PrivateKeyPem())}{"}}"}]
            contexts: [{"{"}name: test, context: {"{"}cluster: test, user: admin{"}}"}]
            current-context: test
            """;
    }

    public void Dispose()
    {
        Administrator.Dispose();
        _server.Dispose();
        _proxy.Dispose();
        _proxyAuthority.Dispose();
        _authority.Dispose();
    }

    private static void WriteKey(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(pem);
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem + "\n"));

    private X509Certificate2 NewAuthority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(_from, _from.AddDays(2));
    }

    private X509Certificate2 Issue(X509Certificate2 authority, string subject, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, _from, _from.AddDays(1), RandomNumberGenerator.GetBytes(16));
        using var withKey = issued.CopyWithPrivateKey(key);
        // Through PKCS#12 once: SslStream does not take an ephemeral key on every platform.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
