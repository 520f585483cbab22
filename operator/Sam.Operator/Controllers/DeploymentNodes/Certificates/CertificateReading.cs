using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.DeploymentNodes.Certificates;

/// <summary>A host's certificate, as it was read.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Issuer">Who signed it; null if there is none.</param>
/// <param name="NotBefore">Since when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
internal sealed record CertificateReading(DateTimeOffset At, string? Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);

    // A certificate may be renewed early: its authority can ask for that.
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    /// <summary>No certificate yet.</summary>
    public static CertificateReading Missing(DateTimeOffset at) => new(at, null, default, default);

    /// <summary>The first certificate of a chain in PEM; missing if it cannot be read.</summary>
    public static CertificateReading Parse(byte[] pem, DateTimeOffset at)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
            return new CertificateReading(
                at,
                certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true),
                new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                new DateTimeOffset(certificate.NotAfter.ToUniversalTime())
            );
        }
        catch (CryptographicException)
        {
            return Missing(at); // half written: looked at again soon
        }
    }

    /// <summary>How it stands.</summary>
    public CertificateState StateAt(DateTimeOffset now) =>
        Issuer is null ? CertificateState.Pending
        : now >= NotAfter ? CertificateState.Expired
        // Caddy renews when a third is left; half of that time was not enough.
        : now >= NotAfter - (Lifetime / 6) ? CertificateState.RenewalFailing
        : CertificateState.Valid;

    /// <summary>When to look again.</summary>
    public DateTimeOffset Until(DateTimeOffset now)
    {
        if (Issuer is null)
            return At + s_soon;
        var renewed = NotAfter - (Lifetime / 3);
        if (renewed > now)
            return renewed < At + s_longest ? renewed : At + s_longest;
        return At + (Lifetime / 30 < s_hour ? Lifetime / 30 : s_hour);
    }

    private TimeSpan Lifetime => NotAfter - NotBefore;
}
