using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.DevCluster.Security;

/// <summary>A kubeconfig with a client certificate.</summary>
internal static class KubeconfigDocument
{
    public static string Render(Uri server, string authorityPem, string user, X509Certificate2 client)
    {
        using var key = client.GetECDsaPrivateKey()!;
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: sam-dev-cluster
              cluster:
                server: {server.ToString().TrimEnd('/')}
                certificate-authority-data: {Encode(authorityPem)}
            users:
            - name: "{user}"
              user:
                client-certificate-data: {Encode(client.ExportCertificatePem())}
                client-key-data: {Encode(key.ExportPkcs8PrivateKeyPem())}
            contexts:
            - name: sam-dev-cluster
              context:
                cluster: sam-dev-cluster
                user: "{user}"
            current-context: sam-dev-cluster

            """;
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem + "\n"));
}
