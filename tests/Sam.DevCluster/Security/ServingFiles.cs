using System.Security.Cryptography.X509Certificates;

namespace Sam.DevCluster;

/// <summary>PEM files of somebody else's authority, named as kube-apiserver's flags name them.</summary>
/// <param name="Certificate">The serving certificate (<c>--tls-cert-file</c>).</param>
/// <param name="Key">Its key (<c>--tls-private-key-file</c>).</param>
/// <param name="ClientAuthority">The authority of clients and of the serving certificate (<c>--client-ca-file</c>).</param>
public sealed record ServingFiles(string Certificate, string Key, string ClientAuthority)
{
    internal X509Certificate2 Load()
    {
        using var pem = X509Certificate2.CreateFromPemFile(Certificate, Key);
        // Through PKCS#12 once: SslStream does not take an ephemeral key on every platform.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
