using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes.Certificates;

/// <summary>Where Caddy keeps a host's certificate (CertMagic: <c>StorageKeys.SiteCert</c>, <c>ACMEIssuer.IssuerKey</c>). Pure.</summary>
internal static class CertificatePath
{
    // Caddy's own choice where the spec names no authority.
    private static readonly Uri s_letsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");

    /// <summary>Path in Caddy's container. The private key beside it is never read.</summary>
    public static string Of(DeploymentNode node, string host) =>
        $"{CaddyContainer.DataFolder}/caddy/certificates/{IssuerOf(node)}/{host}/{host}.crt";

    private static string IssuerOf(DeploymentNode node)
    {
        if (node.Spec.Tls == TlsMode.Internal)
            return "local";
        var authority = Uri.TryCreate(node.Spec.Acme?.CaServer, UriKind.Absolute, out var written) ? written : s_letsEncrypt;
        var path = authority.AbsolutePath.Replace('/', '-').Trim('-');
        // As it was written: a default port that is named is part of the folder.
        var isNamed = authority.OriginalString.Contains($"{authority.Host}:{authority.Port}", StringComparison.OrdinalIgnoreCase);
        var host = isNamed ? $"{authority.Host}-{authority.Port}" : authority.Host;
        return (path.Length == 0 ? host : $"{host}-{path}").ToLowerInvariant();
    }
}
