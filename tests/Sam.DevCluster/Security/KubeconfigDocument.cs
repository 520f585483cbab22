using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.DevCluster.Security;

/// <summary>The kubeconfig of the cluster's only administrator.</summary>
internal static class KubeconfigDocument
{
    public static string Render(Uri server, ClusterCertificates certificates)
    {
        using var key = certificates.Client.GetECDsaPrivateKey()!;
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: sam-dev-cluster
              cluster:
                server: {server.ToString().TrimEnd('/')}
                certificate-authority-data: {Encode(certificates.AuthorityPem)}
            users:
            - name: admin
              user:
                client-certificate-data: {Encode(certificates.Client.ExportCertificatePem())}
                client-key-data: {Encode(key.ExportPkcs8PrivateKeyPem())}
            contexts:
            - name: sam-dev-cluster
              context:
                cluster: sam-dev-cluster
                user: admin
            current-context: sam-dev-cluster

            """;
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem + "\n"));
}
