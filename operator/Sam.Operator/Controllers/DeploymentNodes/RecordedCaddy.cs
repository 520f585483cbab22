using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>How Caddy behaves on a record-only engine: a reload makes the document the running one.</summary>
internal static class RecordedCaddy
{
    /// <summary>A script in which every image exists and turns healthy, and Caddy reloads.</summary>
    public static EngineScript Script() =>
        new EngineScript()
            .OnExec(IsReload, Reload)
            .OnExec(call => call.Command is ["caddy", "version"], _ => new ExecResult(0, "v2.0.0-recorded h1:none=\n", ""))
            .OnExec(IsDisk, _ => Disk(40));

    /// <summary>Whether a command asks for the disk.</summary>
    public static bool IsDisk(ExecCall call) => call.Command is ["df", ..];

    /// <summary>What df says of a disk of 40 GiB that is so full.</summary>
    public static ExecResult Disk(int percent) =>
        new(
            0,
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
                + $"/dev/sda1 41943040 {percent * 400000} {(100 - percent) * 400000} {percent}% /data\n",
            ""
        );

    private static readonly Lazy<byte[]> s_certificate = new(MakeCertificate);

    private static bool IsReload(ExecCall call) => call.Command is ["caddy", "reload", ..];

    private static ExecResult Reload(ExecCall call)
    {
        call.Files[CaddyContainer.RunningPath] = call.Files[CaddyContainer.DocumentPath];
        foreach (var host in InternalHosts(call.Files[CaddyContainer.DocumentPath]))
            call.Files[$"{CaddyContainer.DataFolder}/caddy/certificates/local/{host}/{host}.crt"] = s_certificate.Value;
        return new ExecResult(0, "", "");
    }

    // A public authority is not recorded: its hosts stay without a certificate, as they do where it cannot be reached.
    private static IEnumerable<string> InternalHosts(byte[] document)
    {
        var policy = JsonNode.Parse(document)?["apps"]?["tls"]?["automation"]?["policies"]?[0];
        return (string?)policy?["issuers"]?[0]?["module"] == "internal"
            ? policy["subjects"]!.AsArray().Select(subject => (string)subject!)
            : [];
    }

    private static byte[] MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Recorded Authority", key, HashAlgorithmName.SHA256);
        var (from, to) = (
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        using var certificate = request.CreateSelfSigned(from, to);
        return Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());
    }
}
