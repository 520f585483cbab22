using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;

namespace Sam.Unit.Tests.DeploymentNodes;

/// <summary>Certificates as they are read from Caddy's files; the real Caddy's files are read in the end-to-end tests.</summary>
public sealed class CertificateReadingTests
{
    private static readonly DateTimeOffset s_from = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_to = s_from.AddDays(90);
    private static readonly byte[] s_pem = Pem();

    [Fact]
    public void The_first_certificate_of_the_file_says_who_signed_it_and_until_when()
    {
        var reading = CertificateReading.Parse(s_pem, s_from);

        Assert.Equal(("Authority R1", s_from, s_to), (reading.Issuer, reading.NotBefore, reading.NotAfter));
    }

    [Theory]
    [InlineData(0, CertificateState.Valid)]
    [InlineData(74, CertificateState.Valid)]
    [InlineData(75, CertificateState.RenewalFailing)]
    [InlineData(89, CertificateState.RenewalFailing)]
    [InlineData(90, CertificateState.Expired)]
    public void A_certificate_that_was_not_renewed_in_time_is_told_before_it_ends(int days, CertificateState state) =>
        Assert.Equal(state, CertificateReading.Parse(s_pem, s_from).StateAt(s_from.AddDays(days)));

    [Fact]
    public void It_is_read_again_a_few_times_a_day_when_Caddy_may_have_renewed_it_and_then_every_hour()
    {
        var renewal = s_from.AddDays(60);

        Assert.Equal(s_from.AddHours(6), CertificateReading.Parse(s_pem, s_from).Until(s_from.AddHours(1)));
        Assert.Equal(renewal, CertificateReading.Parse(s_pem, renewal.AddHours(-2)).Until(renewal.AddHours(-1)));
        Assert.Equal(renewal.AddHours(1), CertificateReading.Parse(s_pem, renewal).Until(renewal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    public void A_file_that_is_half_written_is_no_certificate_yet(string text)
    {
        var reading = CertificateReading.Parse(Encoding.ASCII.GetBytes(text), s_from);

        Assert.Equal(CertificateState.Pending, reading.StateAt(s_from));
        Assert.Equal(s_from.AddSeconds(10), reading.Until(s_from));
    }

    [Theory]
    [InlineData(TlsMode.Internal, null, "local")]
    [InlineData(TlsMode.ACME, null, "acme-v02.api.letsencrypt.org-directory")]
    [InlineData(TlsMode.ACME, "https://CA.test:8443/acme/local/directory", "ca.test-8443-acme-local-directory")]
    [InlineData(TlsMode.ACME, "https://ca.test", "ca.test")]
    [InlineData(TlsMode.ACME, "https://ca.test:443/dir", "ca.test-443-dir")]
    public void Its_file_is_where_Caddy_keeps_it_for_that_authority(TlsMode tls, string? server, string folder)
    {
        var node = new DeploymentNode
        {
            Spec =
            {
                Tls = tls,
                Acme = new AcmeSpec { CaServer = server },
            },
        };

        Assert.Equal($"/data/caddy/certificates/{folder}/shop.test/shop.test.crt", CertificatePath.Of(node, "shop.test"));
    }

    private static byte[] Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Authority R1,O=Somebody", key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signer = authority.CreateSelfSigned(s_from.AddDays(-1), s_to.AddDays(1));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.test", own, HashAlgorithmName.SHA256);
        using var leaf = request.Create(signer, s_from, s_to, [1, 2, 3]);
        return Encoding.ASCII.GetBytes(leaf.ExportCertificatePem() + "\n" + signer.ExportCertificatePem());
    }
}
